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

  /**
   * Service accounts reached through workload identity federation.
   *
   * @param serviceAccounts in the order they are used; one, or with a binding several, each of
   *     which serves one grant at a time
   * @param binding made for each grant and removed at its end; null where the accounts have their
   *     rights for good
   */
  record Google(
      List<String> serviceAccounts,
      String workloadIdentityProvider,
      List<String> scopes,
      @Nullable IamBinding binding)
      implements Target {

    public Google {
      serviceAccounts = List.copyOf(serviceAccounts);
      scopes = List.copyOf(scopes);
      if (serviceAccounts.isEmpty() || (binding == null && serviceAccounts.size() > 1)) {
        throw new IllegalArgumentException("one service account, or several that are bound");
      }
    }

    /** One account whose rights are its own. */
    public Google(String serviceAccount, String provider, List<String> scopes) {
      this(List.of(serviceAccount), provider, scopes, null);
    }

    /** The first of them. */
    public String serviceAccount() {
      return serviceAccounts.getFirst();
    }

    /**
     * A line of an allow policy.
     *
     * @param resource whose policy: {@code projects/acme-prod}
     * @param role what it gives
     * @param binder the service account that Daypass edits the policy as
     */
    public record IamBinding(String resource, String role, String binder) {}
  }

  /**
   * Entra applications or managed identities.
   *
   * @param clientIds in the order they are used; with an assignment each serves one grant at a time
   * @param assignment made for each grant and removed at its end; null only where outliving the
   *     approval was accepted in so many words
   */
  record Azure(
      String tenant, List<String> clientIds, String scope, @Nullable RoleAssignment assignment)
      implements Target {

    public Azure {
      clientIds = List.copyOf(clientIds);
      if (clientIds.isEmpty()) {
        throw new IllegalArgumentException("there is an identity");
      }
    }

    /** The first of them. */
    public String clientId() {
      return clientIds.getFirst();
    }

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
