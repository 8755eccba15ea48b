package io.daypass.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one cloud role that a role of the policies stands for. Never chosen by a caller. */
public sealed interface Target {

  /** The word policies use for the cloud: aws, gcp, azure or oidc. */
  default String cloud() {
    return switch (this) {
      case Aws _ -> "aws";
      case Google _ -> "gcp";
      case Azure _ -> "azure";
      case Oidc _ -> "oidc";
    };
  }

  /**
   * An IAM role.
   *
   * @param console where a console link may lead; the first is the default; empty means no console
   */
  record Aws(RoleArn roleArn, @Nullable SessionPolicy sessionPolicy, List<String> console)
      implements Target {
    public Aws {
      console = List.copyOf(console);
    }
  }

  /** A service account reached through workload identity federation. */
  record Google(String serviceAccount, String workloadIdentityProvider, List<String> scopes)
      implements Target {
    public Google {
      scopes = List.copyOf(scopes);
    }
  }

  /**
   * An Entra application or managed identity.
   *
   * @param assignment made for each grant and removed at its end; null only where outliving the
   *     approval was accepted in so many words
   */
  record Azure(String tenant, String clientId, String scope, @Nullable RoleAssignment assignment)
      implements Target {

    /** The Azure role that a grant gives at a scope. */
    public record RoleAssignment(String role, String scope) {}
  }

  /**
   * A token signed by Daypass for another audience.
   *
   * @param claims besides those that Daypass sets
   */
  record Oidc(String audience, Map<String, Object> claims, Signing signing) implements Target {
    public Oidc {
      claims = Map.copyOf(claims);
    }

    /** What the receiver verifies: RS256 everybody does (OpenID Connect Core, 15.1). */
    public enum Signing {
      RS256,
      ES256
    }
  }
}
