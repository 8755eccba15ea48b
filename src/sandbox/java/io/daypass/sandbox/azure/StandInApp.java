package io.daypass.sandbox.azure;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
 * @param assignees object ids of those whom it may assign them to, in lower case; null for anybody
 * @param lacks actions that the custom role of one who assigns roles leaves out, without {@code
 *     Microsoft.Authorization/}
 */
public record StandInApp(
    String clientId,
    String objectId,
    List<Credential> credentials,
    Set<String> assigns,
    boolean standing,
    @Nullable Duration life,
    @Nullable Set<String> assignees,
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
    assignees = assignees == null ? null : Set.copyOf(assignees);
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
    return new StandInApp(clientId, objectId, List.of(), Set.of(), false, null, null, Set.of());
  }

  public StandInApp trusting(String issuer, String subject) {
    var more = new java.util.ArrayList<>(credentials);
    more.add(new Credential(issuer, subject, Credential.AUDIENCE));
    return new StandInApp(clientId, objectId, more, assigns, standing, life, assignees, lacks);
  }

  public StandInApp assigning(String... roles) {
    return new StandInApp(
        clientId, objectId, credentials, Set.of(roles), standing, life, assignees, lacks);
  }

  /** The same roles, to nobody but these. */
  public StandInApp onlyTo(String... principals) {
    return new StandInApp(
        clientId, objectId, credentials, assigns, standing, life, Set.of(principals), lacks);
  }

  /** Whether it may assign a role to {@code principal}, as far as that goes. */
  boolean assignsTo(String principal) {
    return assignees == null || assignees.contains(principal);
  }

  public StandInApp withStandingAccess() {
    return new StandInApp(clientId, objectId, credentials, assigns, true, life, assignees, lacks);
  }

  /** Its tokens live exactly so long, as a token lifetime policy would have it. */
  public StandInApp tokensLiving(Duration time) {
    return new StandInApp(
        clientId, objectId, credentials, assigns, standing, time, assignees, lacks);
  }

  /** What assigns roles, but for these actions: {@code roleAssignments/write}. */
  public StandInApp lacking(String... actions) {
    return new StandInApp(
        clientId, objectId, credentials, assigns, standing, life, assignees, Set.of(actions));
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
