package io.daypass.sandbox.azure;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * An application, or a user-assigned identity, of the sandbox's tenant.
 *
 * @param objectId of its service principal, which role assignments name
 * @param credentials who may speak for it; at most 20 (Entra, "Workload identity federation")
 * @param assigns the role definitions it may assign, and unassign, within the subscription; none
 *     for one that may not
 * @param standing whether somebody has given it access for good
 * @param life how long its tokens live; null for any time between 60 and 90 minutes, as Entra
 *     chooses
 */
public record StandInApp(
    String clientId,
    String objectId,
    List<Credential> credentials,
    Set<String> assigns,
    boolean standing,
    @org.jspecify.annotations.Nullable Duration life) {

  private static final int MOST = 20;

  public StandInApp {
    credentials = List.copyOf(credentials);
    assigns = Set.copyOf(assigns);
    if (credentials.size() > MOST) {
      throw new IllegalArgumentException("at most 20 federated credentials");
    }
  }

  /** A federated credential: all three are compared whole, and by case. */
  public record Credential(String issuer, String subject, String audience) {

    public static final String AUDIENCE = "api://AzureADTokenExchange";

    public Credential {
      if (issuer.length() > 600 || subject.length() > 600 || !audience.equals(AUDIENCE)) {
        throw new IllegalArgumentException("not a federated credential");
      }
    }
  }

  /** Without credentials or rights. */
  public static StandInApp of(String clientId, String objectId) {
    return new StandInApp(clientId, objectId, List.of(), Set.of(), false, null);
  }

  public StandInApp trusting(String issuer, String subject) {
    var more = new java.util.ArrayList<>(credentials);
    more.add(new Credential(issuer, subject, Credential.AUDIENCE));
    return new StandInApp(clientId, objectId, more, assigns, standing, life);
  }

  public StandInApp assigning(String... roles) {
    return new StandInApp(clientId, objectId, credentials, Set.of(roles), standing, life);
  }

  public StandInApp withStandingAccess() {
    return new StandInApp(clientId, objectId, credentials, assigns, true, life);
  }

  /** Its tokens live exactly so long, as a token lifetime policy would have it. */
  public StandInApp tokensLiving(Duration time) {
    return new StandInApp(clientId, objectId, credentials, assigns, standing, time);
  }
}
