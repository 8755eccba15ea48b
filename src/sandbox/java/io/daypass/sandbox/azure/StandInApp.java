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
 * @param lacks actions that the custom role of one who assigns roles leaves out, without {@code
 *     Microsoft.Authorization/}
 */
public record StandInApp(
    String clientId,
    String objectId,
    List<Credential> credentials,
    Set<String> assigns,
    boolean standing,
    @org.jspecify.annotations.Nullable Duration life,
    Set<String> lacks) {

  private static final int MOST = 20;
  private static final List<String> ACTIONS =
      List.of(
          "roleAssignments/read",
          "roleAssignments/write",
          "roleAssignments/delete",
          "roleDefinitions/read",
          "permissions/read",
          "locks/read");

  public StandInApp {
    credentials = List.copyOf(credentials);
    assigns = Set.copyOf(assigns);
    lacks = Set.copyOf(lacks);
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
    return new StandInApp(clientId, objectId, List.of(), Set.of(), false, null, Set.of());
  }

  public StandInApp trusting(String issuer, String subject) {
    var more = new java.util.ArrayList<>(credentials);
    more.add(new Credential(issuer, subject, Credential.AUDIENCE));
    return new StandInApp(clientId, objectId, more, assigns, standing, life, lacks);
  }

  public StandInApp assigning(String... roles) {
    return new StandInApp(clientId, objectId, credentials, Set.of(roles), standing, life, lacks);
  }

  public StandInApp withStandingAccess() {
    return new StandInApp(clientId, objectId, credentials, assigns, true, life, lacks);
  }

  /** Its tokens live exactly so long, as a token lifetime policy would have it. */
  public StandInApp tokensLiving(Duration time) {
    return new StandInApp(clientId, objectId, credentials, assigns, standing, time, lacks);
  }

  /** What assigns roles, but for these actions: {@code roleAssignments/write}. */
  public StandInApp lacking(String... actions) {
    return new StandInApp(
        clientId, objectId, credentials, assigns, standing, life, Set.of(actions));
  }

  /** The actions of its custom role; none for one that assigns no roles. */
  List<String> actions() {
    return assigns.isEmpty()
        ? List.of()
        : ACTIONS.stream()
            .filter(action -> !lacks.contains(action))
            .map("Microsoft.Authorization/"::concat)
            .toList();
  }
}
