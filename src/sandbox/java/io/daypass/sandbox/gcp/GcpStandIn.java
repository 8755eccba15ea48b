package io.daypass.sandbox.gcp;

import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Faults;
import io.daypass.sandbox.http.Reply;
import io.daypass.sandbox.oidc.IssuerKeys;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Google Cloud as far as Daypass deals with it: STS, IAM Credentials, Resource Manager. */
public final class GcpStandIn implements AutoCloseable {

  public static final String PROJECT_NUMBER = "123456789012";
  public static final String PROJECT = "projects/acme-prod";

  private static final String POOL =
      "//iam.googleapis.com/projects/"
          + PROJECT_NUMBER
          + "/locations/global/workloadIdentityPools/daypass";

  /** The provider that trusts the broker. */
  public static final String PROVIDER = POOL + "/providers/daypass";

  /** Another one that does, so that a role can be named by it. */
  public static final String STORAGE_PROVIDER = POOL + "/providers/daypass-storage";

  private static final String DOMAIN = "@acme-prod.iam.gserviceaccount.com";

  private final Map<String, StandInProvider> providers = new ConcurrentHashMap<>();
  private final Map<String, StandInAccount> accounts = new ConcurrentHashMap<>();
  private final Expressions expressions = new Expressions();
  private final Policies policies = new Policies(expressions);
  private final InstantSource clock;
  private final IssuerKeys keys;
  private final ExchangeStandIn exchange;
  private final ImpersonationStandIn impersonation;
  private final ResourceManagerStandIn resources;
  private final AllowedPage allowed;
  private final Faults stsFaults = new Faults();
  private final Faults iamFaults = new Faults();
  private final Faults resourceFaults = new Faults();

  public GcpStandIn(Vertx vertx, Calls calls, SecureRandom random, InstantSource clock) {
    this.clock = clock;
    this.keys = new IssuerKeys(vertx, Refused::unreachable);
    var tokens = new Tokens(random);
    this.exchange = new ExchangeStandIn(providers, keys, expressions, tokens, calls, clock);
    this.impersonation = new ImpersonationStandIn(accounts, tokens, calls, clock);
    this.resources = new ResourceManagerStandIn(accounts, policies, tokens, calls, clock);
    this.allowed = new AllowedPage(tokens, accounts, policies, clock);
    policies.add(PROJECT);
    for (var name : List.of("gcp-logs", "gcp-storage")) {
      add(StandInAccount.of("daypass-" + name + DOMAIN, principal("role:" + name)));
    }
    // Daypass's own, to bind with.
    add(
        StandInAccount.of("daypass-binder" + DOMAIN, principal("daypass:binder"))
            .granting("roles/storage.objectAdmin"));
  }

  /** Opens the doors under {@code /gcp}. */
  public void open(Doors doors) {
    doors.open("POST", "/gcp/sts/v1/token", exchange, stsFaults, exchange::fail);
    doors.open(
        "GET",
        "/gcp/sts/v1/token",
        Endpoint.now(_ -> Reply.text(404, "Not Found\n")),
        stsFaults,
        exchange::fail);
    doors.openBelow(
        "POST",
        ImpersonationStandIn.FOLDER,
        Endpoint.now(impersonation::answer),
        iamFaults,
        impersonation::fail);
    for (var method : List.of("GET", "POST")) {
      doors.openBelow(
          method,
          ResourceManagerStandIn.FOLDER,
          Endpoint.now(resources::answer),
          resourceFaults,
          resources::fail);
    }
    doors.open("GET", "/gcp/allowed", Endpoint.now(allowed::reply));
  }

  /** The pool's providers take the tokens of {@code issuer} from now on, and of nobody else. */
  public void trust(String issuer) {
    add(StandInProvider.of(PROVIDER, issuer));
    add(StandInProvider.of(STORAGE_PROVIDER, issuer));
  }

  /** Adds a provider, or replaces the one of its name. */
  public void add(StandInProvider provider) {
    providers.put(provider.name(), provider);
  }

  /** Adds a service account, or replaces the one with its address. */
  public void add(StandInAccount account) {
    accounts.put(account.email(), account);
  }

  /** How IAM policies name a subject of the sandbox's pool. */
  public static String principal(String subject) {
    return StandInProvider.of(PROVIDER, "none").principal(subject);
  }

  /** The next token has the issuer's keys fetched anew. */
  public void forgetKeys() {
    keys.forget();
  }

  /** Policies come into force {@code delay} after they were set. */
  public void propagation(Duration delay) {
    policies.propagation(delay);
  }

  /** The policy of {@code resource}, as one who may read everything sees it. */
  public JsonObject policy(String resource) {
    return policies.get(resource, 3);
  }

  /** Whether the service account {@code email} has {@code role} at {@code resource} now. */
  public boolean gives(String resource, String role, String email) {
    return policies.gives(resource, role, "serviceAccount:" + email, clock.instant());
  }

  /** Somebody else adds {@code binding} to the policy of {@code resource}. */
  public void editPolicy(String resource, JsonObject binding) {
    policies.edit(resource, binding);
  }

  public Faults stsFaults() {
    return stsFaults;
  }

  public Faults iamFaults() {
    return iamFaults;
  }

  public Faults resourceFaults() {
    return resourceFaults;
  }

  @Override
  public void close() {
    keys.close();
  }
}
