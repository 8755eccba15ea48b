package io.daypass.cloud.azure;

import com.sun.net.httpserver.HttpServer;
import io.daypass.cloud.Binding;
import io.daypass.cloud.Bindings;
import io.daypass.cloud.Credential.AzureToken;
import io.daypass.cloud.MemoryBindings;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Sweeper;
import io.daypass.cloud.Waits;
import io.daypass.cloud.wire.Limits;
import io.daypass.cloud.wire.Trust;
import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.issuer.IssuerUrl;
import io.daypass.issuer.Signing;
import io.daypass.issuer.SigningKeys;
import io.daypass.ledger.RecordedGrant;
import io.daypass.ledger.RecordedGrants;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.Asking;
import io.daypass.request.MemoryRequests;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestId;
import io.daypass.request.RequestIds;
import io.daypass.request.RequestStore;
import io.daypass.request.Roles;
import io.daypass.sandbox.Sandbox;
import io.daypass.sandbox.azure.AzureStandIn;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An issuer, a strict Azure that trusts it, and the cloud that talks to it. */
final class AzureBench implements AutoCloseable {

  static final String SCOPE =
      "/subscriptions/" + AzureStandIn.SUBSCRIPTION + "/resourceGroups/shop";

  static final Limits QUICK =
      Waits.of(Duration.ofSeconds(8), Duration.ofSeconds(4), Duration.ofSeconds(4));

  private static final Signing.Ring RING = Signing.Ring.made();

  final Sandbox sandbox;
  private final InstantSource clock;
  final MemoryRequests requests;
  final MemoryBindings store;
  final AzureCloud cloud;
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer issuer;
  private final SigningKeys keys;
  private final Path ca;
  private final RequestDraft draft = new RequestDraft(new RequestIds(), Duration.ofHours(24));

  AzureBench() {
    this(InstantSource.system(), QUICK);
  }

  /** All of it by {@code time}, from the database to Azure. */
  AzureBench(InstantSource time, Limits limits) {
    clock = time;
    requests = new MemoryRequests(clock, 100_000);
    store = new MemoryBindings(requests, clock);
    try {
      issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var url = "http://localhost:" + issuer.getAddress().getPort();
      keys = RING.ready(new IssuerUrl(url), clock);
      serve("/.well-known/openid-configuration", () -> keys.discovery().body());
      serve("/.well-known/jwks.json", () -> keys.jwks().body());
      issuer.start();
      sandbox = Sandbox.options().clock(clock).start().trust(url);
      ca = sandbox.authority().write(Files.createTempFile("daypass-azure", ".pem"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cloud = cloud(limits);
  }

  /** The issuer that the stand-in trusts. */
  String issuer() {
    return "http://localhost:" + issuer.getAddress().getPort();
  }

  private void serve(String path, java.util.function.Supplier<String> body) {
    issuer.createContext(
        path,
        exchange -> {
          var bytes = body.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  AzureCloud cloud(@Nullable String binder, Duration readyWithin) {
    return cloud(authority(), resourceManager(), binder, QUICK, readyWithin);
  }

  AzureCloud cloud(Limits limits) {
    return cloud(
        authority(), resourceManager(), AzureStandIn.BINDER, limits, Duration.ofSeconds(2));
  }

  AzureCloud cloud(URI authority, URI resourceManager) {
    return cloud(authority, resourceManager, AzureStandIn.BINDER, QUICK, Duration.ofSeconds(2));
  }

  private AzureCloud cloud(
      URI authority,
      URI resourceManager,
      @Nullable String binder,
      Limits limits,
      Duration readyWithin) {
    return new AzureCloud(
        new AzureConfig(authority, resourceManager, Trust.only(ca), binder, limits, readyWithin),
        keys,
        new Bindings(store, Duration.ofSeconds(1), Duration.ZERO),
        clock,
        new Random(1));
  }

  URI authority() {
    return URI.create(sandbox.tlsUrl());
  }

  URI resourceManager() {
    return URI.create(sandbox.azureEndpoints().get("resource-manager"));
  }

  /** Two identities and an assignment. */
  static Target.Azure assigned() {
    return assigned(AzureStandIn.storageIdentities().subList(0, 2));
  }

  static Target.Azure assigned(List<String> clients) {
    return new Target.Azure(
        AzureStandIn.TENANT,
        clients,
        "https://storage.azure.com/.default",
        new Target.Azure.RoleAssignment(AzureStandIn.BLOB_READER, SCOPE));
  }

  static Target.Azure accepted() {
    return new Target.Azure(
        AzureStandIn.TENANT,
        List.of(AzureStandIn.reportsIdentity()),
        "https://storage.azure.com/.default",
        null);
  }

  /** An approved request of somebody's that starts now. */
  AccessRequest request(String who, Duration duration) {
    Caller caller = TestCallers.human(who);
    var policies = Roles.role("r").max(Duration.ofHours(8)).automatic().policies();
    var asking = new Asking("r", new Wish(duration, "work", null), null, null);
    var at = new Circumstances(clock.instant(), "192.0.2.1");
    var decision = (Decision.Granted) policies.decide(caller, "r", asking.wish(), at);
    var opened = requests.open(draft.of(caller, decision.allowance(), List.of(), asking, null));
    return ((RequestStore.Opened.Made) opened).request();
  }

  RecordedGrant grant(AccessRequest request, String roleName, Target target) {
    var role =
        new Role(
            roleName,
            "",
            Role.Access.READ_ONLY,
            Role.Sensitivity.LOW,
            target,
            Duration.ofHours(8),
            Duration.ofHours(1),
            List.of(),
            "digest");
    var ends = request.times().grantEnds();
    if (ends == null) {
      throw new AssertionError("not approved");
    }
    return RecordedGrants.of(
        UUID.randomUUID(), request.id(), request.requester(), role, clock.instant(), ends);
  }

  RecordedGrant storage(AccessRequest request) {
    return grant(request, "azure-storage", assigned());
  }

  RecordedGrant reports(AccessRequest request) {
    return grant(request, "azure-reports", accepted());
  }

  AzureToken mint(RecordedGrant grant) throws MintException {
    return (AzureToken) cloud.mint(grant);
  }

  void revoke(RequestId id) {
    requests.end(
        new RequestStore.End(
            id, AccessRequest.State.REVOKED, TestCallers.human("bob").id(), "bob", "enough"));
  }

  /** Removes what is due, and waits for it. */
  void sweep() {
    sweep(Duration.ZERO);
  }

  /** Removes what is due within {@code lead}, and waits for it. */
  void sweep(Duration lead) {
    for (var claimed : store.claimDue(100, Duration.ofSeconds(30), lead)) {
      try {
        cloud.remove(claimed.binding());
        store.removed(claimed);
      } catch (MintException e) {
        store.kept(claimed, cloud.told(e), Duration.ZERO, Sweeper.Pace.STANDARD.patience());
      }
    }
  }

  /** What Azure would decide about a token now. */
  JsonObject allowed(AzureToken token) {
    try {
      var url = sandbox.url() + "/azure/allowed?uti=" + token.id();
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new JsonObject(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean mayAct(AzureToken token) {
    return allowed(token).getBoolean("allowed");
  }

  /** How often Entra was asked for a token of {@code client}, and gave one. */
  long tokens(String client) {
    return sandbox.calls().list("azure.entra", "token").stream()
        .filter(call -> call.outcome().equals("ok"))
        .filter(call -> client.equals(call.facts().get("client_id")))
        .count();
  }

  long puts() {
    return sandbox.calls().list("azure.arm", "put roleAssignment").size();
  }

  static Instant seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }

  static Binding only(List<io.daypass.cloud.BindingStore.Standing> standings) {
    if (standings.size() != 1) {
      throw new AssertionError(standings);
    }
    return standings.getFirst().binding();
  }

  @Override
  public void close() {
    cloud.close();
    http.close();
    sandbox.close();
    issuer.stop(0);
    try {
      Files.deleteIfExists(ca);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
