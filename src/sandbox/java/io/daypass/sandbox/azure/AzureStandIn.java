package io.daypass.sandbox.azure;

import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Faults;
import io.daypass.sandbox.oidc.IssuerKeys;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Azure as far as Daypass deals with it: one tenant of Entra's, one subscription. */
public final class AzureStandIn implements AutoCloseable {

  public static final String TENANT = "7d3c0a52-4f0e-4f5e-9a63-2b1f1f0c9a01";
  public static final String SUBSCRIPTION = "5f1d6a0e-8a44-4a1b-b1a4-6a8f6cf2c002";

  /** Azure's own "Storage Blob Data Reader" (built-in roles reference). */
  public static final String BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

  /** Daypass's own identity, which assigns roles and nothing else. */
  public static final String BINDER = "b1d0e5a0-0000-4000-8000-00000000b1d0";

  private static final String STORAGE = "5a0f3b1c-0000-4000-8000-0000000000%02d";
  private static final String REPORTS = "4e9c0d2b-0000-4000-8000-000000000001";
  private static final int STORAGE_IDENTITIES = 8;

  private final Map<String, StandInApp> apps = new ConcurrentHashMap<>();
  private final IssuerKeys keys;
  private final EntraStandIn entra;
  private final Locks locks = new Locks();
  private final Assignments assignments = new Assignments();
  private final ArmStandIn arm;
  private final ArmLocks armLocks;
  private final AllowedPage allowed;
  private final Faults entraFaults = new Faults();
  private final Faults armFaults = new Faults();
  private final Faults lockFaults = new Faults();

  public AzureStandIn(Vertx vertx, Calls calls, SecureRandom random, InstantSource clock) {
    this.keys = new IssuerKeys(vertx, Refused::unreachable);
    var tokens = new AccessTokens(random);
    this.entra = new EntraStandIn(TENANT, apps, keys, tokens, calls, clock);
    var callers = new ArmCallers(SUBSCRIPTION, apps, tokens, clock);
    this.arm = new ArmStandIn(callers, assignments, locks, calls, clock);
    this.armLocks = new ArmLocks(callers, locks, calls);
    this.allowed = new AllowedPage(tokens, assignments, clock);
  }

  /** The client ids of the identities that serve {@code azure-storage}, one grant each. */
  public static List<String> storageIdentities() {
    return java.util.stream.IntStream.rangeClosed(1, STORAGE_IDENTITIES)
        .mapToObj(STORAGE::formatted)
        .toList();
  }

  /** The client id of the identity with standing access that serves {@code azure-reports}. */
  public static String reportsIdentity() {
    return REPORTS;
  }

  /** The object id of the service principal of {@code clientId}. */
  public static String objectId(String clientId) {
    return "0b1ec7" + clientId.substring(6);
  }

  /**
   * Opens the doors: under {@code /azure}, and the tenant's at the root too, since Entra's own
   * authority has no path and MSAL takes the first segment for the tenant.
   *
   * @param authority where clients find Entra, without a slash at the end
   */
  public void open(Doors doors, String authority) {
    for (var base : List.of("/" + TENANT, "/azure/" + TENANT)) {
      doors.open("POST", base + "/oauth2/v2.0/token", entra, entraFaults, entra::fail);
      doors.open(
          "GET",
          base + "/v2.0/.well-known/openid-configuration",
          Endpoint.now(_ -> entra.discovery(authority)),
          entraFaults,
          entra::fail);
      doors.open("GET", base + "/discovery/v2.0/keys", Endpoint.now(_ -> entra.jwks()));
    }
    for (var method : List.of("GET", "PUT", "DELETE")) {
      doors.openBelow(method, ArmStandIn.FOLDER, Endpoint.now(arm::answer), armFaults, arm::fail);
    }
    doors.openEnding(
        "GET",
        ArmStandIn.FOLDER,
        ArmLocks.ENDING,
        Endpoint.now(armLocks::answer),
        lockFaults,
        armLocks::fail);
    doors.open("GET", "/azure/allowed", Endpoint.now(allowed::reply));
  }

  /** The identities of the sandbox trust {@code issuer} for their roles' subjects from now on. */
  public void trust(String issuer) {
    for (var id : storageIdentities()) {
      add(StandInApp.of(id, objectId(id)).trusting(issuer, "role:azure-storage"));
    }
    add(
        StandInApp.of(REPORTS, objectId(REPORTS))
            .trusting(issuer, "role:azure-reports")
            .withStandingAccess());
    add(
        StandInApp.of(BINDER, objectId(BINDER))
            .trusting(issuer, "daypass:binder")
            .assigning(BLOB_READER));
  }

  /** Adds an application, or replaces the one with its client id. */
  public void add(StandInApp app) {
    apps.put(app.clientId(), app);
  }

  /** The next assertion has the issuer's keys fetched anew. */
  public void forgetKeys() {
    keys.forget();
  }

  /** Role assignments come into effect {@code delay} after they were made. */
  public void propagation(Duration delay) {
    arm.propagation(delay);
  }

  /** Role assignments are seen {@code delay} after they were made. */
  public void replication(Duration delay) {
    arm.replication(delay);
  }

  /** Service principals are not known to Resource Manager yet, or are. */
  public void principalsReplicate(boolean done) {
    arm.principalsReplicate(done);
  }

  /** The federated credentials of {@code clientId} reach every server of Entra's after a while. */
  public void credentialsPropagating(String clientId, Duration time) {
    entra.propagating(clientId, time);
  }

  /** How many role assignments there are. */
  public int assignments() {
    return arm.count();
  }

  /** How many of them are at {@code scope} itself. */
  public long assignmentsAt(String scope) {
    return arm.countAt(scope);
  }

  /** Somebody else assigns a role to {@code clientId}, for good. */
  public void assignedByHand(String clientId, String role, String scope) {
    arm.byHand(objectId(clientId), role, scope);
  }

  /**
   * The directory has a group {@code id} of these, by their object ids; groups may be among them.
   */
  public void group(String id, String... members) {
    assignments.group(id, Set.of(members));
  }

  /** Somebody else assigns a role to the group {@code id}, for good. */
  public void assignedToGroup(String id, String role, String scope) {
    arm.byHand(id, role, scope);
  }

  /** Somebody puts a lock on {@code scope}. */
  public void lock(String scope, String name, String level) {
    locks.lock(scope, name, level);
  }

  /** And takes it away. */
  public void unlock(String scope) {
    locks.unlock(scope);
  }

  public Faults entraFaults() {
    return entraFaults;
  }

  public Faults armFaults() {
    return armFaults;
  }

  /** Of the list of locks alone. */
  public Faults lockFaults() {
    return lockFaults;
  }

  @Override
  public void close() {
    keys.close();
  }
}
