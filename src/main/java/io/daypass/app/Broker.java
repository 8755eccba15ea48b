package io.daypass.app;

import io.daypass.identity.IdentityVerifier;
import io.daypass.identity.TrustedIssuer;
import io.daypass.identity.oidc.OidcProof;
import io.daypass.identity.oidc.WebClients;
import io.daypass.issuance.Reconciler;
import io.daypass.issuer.PublicDocument;
import io.daypass.issuer.SigningKeys;
import io.daypass.issuer.jose.CryptoProvider;
import io.daypass.ledger.Checkpoints;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.policy.Policies;
import io.daypass.policy.yaml.WatchedPolicies;
import io.daypass.postgres.Database;
import io.daypass.postgres.Signals;
import io.daypass.request.Offices;
import io.daypass.settings.IssuerSettings;
import io.daypass.settings.Settings;
import io.daypass.web.Document;
import io.daypass.web.Face;
import io.daypass.web.HttpLimits;
import io.daypass.web.Metrics;
import io.daypass.web.Operations;
import io.daypass.web.Peers;
import io.daypass.web.Route;
import io.daypass.web.Server;
import io.daypass.web.Surroundings;
import io.daypass.web.api.Api;
import io.daypass.web.api.Translation;
import io.daypass.web.pages.Templates;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The whole service, built by hand from top to bottom, then started; and stopped in turn. */
public final class Broker {

  private static final Duration DRAIN = Duration.ofSeconds(20);

  private final Settings settings;
  private final SecureRandom random = new SecureRandom();
  private final RandomIds ids = new RandomIds(random);
  private final ThreadFactory threads = Thread.ofVirtual().name("work-", 0).factory();
  private final BlockingQueue<Readying.Failure> failed = new ArrayBlockingQueue<>(1);
  private final List<Server> servers = new ArrayList<>();

  private final Vertx vertx;
  private final Stores stores;
  private final WatchedPolicies policies;
  private final SigningKeys keys;
  private final Checkpoints checkpoints;
  private final Clouds clouds;
  private final OidcProof proof;
  private final WebClients webClients;
  private final Templates look = new Templates();
  private final Preparation preparation;
  private final Signals signals;
  private final Upkeep upkeep;
  private final Sweeping sweeping;
  private final Cutting cutting;
  private final Telling telling;

  private Broker(Configuration configuration, InstantSource machine) {
    settings = configuration.settings();
    vertx = EventLoops.start();
    stores = Stores.open(vertx, settings, ids, machine, this::policiesInForce);
    policies =
        new WatchedPolicies(
            settings.policies(),
            configuration.installation(),
            configuration.policies(),
            this::loaded);
    var crypto = CryptoProvider.fastest();
    keys = keys(crypto);
    checkpoints = Signing.checkpoints(settings, stores.checkpoints(), keys);
    clouds = new Clouds(settings, keys, stores.access(), stores.clock(), random);
    proof = OidcProof.start(trusted(), crypto.provider().orElse(null), stores.clock());
    webClients = new WebClients(stores.clock());
    preparation = preparation();
    upkeep = new Upkeep(threads, random);
    sweeping = new Sweeping(stores.bindings(), clouds.removers(), threads, random);
    cutting = Cutting.over(settings, stores.cuts(), clouds.cutter(), threads, random);
    telling = Telling.over(settings, stores, policies, threads, random);
    signals = Signals.listen(vertx, Addresses.of(settings.database().service()), this::heard);
  }

  private String policiesInForce() {
    return policies.get().digest();
  }

  /**
   * Starts the service. It listens when this returns; it is ready when {@code /readyz} says so,
   * which is later if the database is away.
   */
  public static Broker start(Configuration configuration, InstantSource machine)
      throws Server.ListenException {
    var broker = new Broker(configuration, machine);
    broker.listen(configuration.offices());
    broker.policies.start(Duration.ofSeconds(1));
    broker.threads.newThread(broker.readying()).start();
    return broker;
  }

  /** The port it listens on. */
  public int port() {
    return servers.getFirst().port();
  }

  /** Reads the policies anew. */
  public void reloadPolicies() {
    policies.reload();
  }

  /** Returns when the service cannot go on, and why. */
  Readying.Failure awaitFailure() throws InterruptedException {
    return failed.take();
  }

  /**
   * Drains, then stops everything in the opposite order of its start.
   *
   * @return false if something was still in flight when the time was over
   */
  boolean end() {
    // At the same time: with a port of its own for metrics there are two.
    var draining = servers.stream().<BooleanSupplier>map(server -> () -> server.drain(DRAIN));
    var begun =
        Stream.<BooleanSupplier>of(
            () -> telling.end(DRAIN), () -> sweeping.end(DRAIN), () -> cutting.end(DRAIN));
    var finished = Together.all(threads, Stream.concat(draining, begun));
    upkeep.close();
    signals.close();
    policies.close();
    webClients.close();
    proof.close();
    clouds.close();
    stores.database().close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    return finished;
  }

  private Faces faces(Metrics metrics) {
    return new Faces(
        settings,
        stores,
        policies,
        new IdentityVerifier(proof, stores.clock()),
        new Pages(settings, stores, proof, webClients, ids, look),
        clouds.measured(metrics),
        clouds.console(),
        ids);
  }

  private void listen(Offices offices) throws Server.ListenException {
    var metrics = Health.measured(stores.clock(), policies, proof);
    metrics.gauge(
        "daypass.ledger.checkpoint.age.seconds",
        "How old the newest checkpoint of the ledger was when this replica looked last",
        () -> checkpoints.age().toSeconds());
    sweeping.measuredBy(metrics);
    cutting.measuredBy(metrics);
    telling.measuredBy(metrics);
    var working = Executors.newThreadPerTaskExecutor(threads);
    var around =
        new Surroundings(System::nanoTime, ids::trace, working, Database.urgently(working));
    var own = settings.metricsListen();
    var routes = new ArrayList<>(faces(metrics).routes(offices, metrics));
    routes.addAll(Operations.documents(documents()));
    routes.addAll(Operations.health(Health.of(stores.clock(), preparation, keys, proof, servers)));
    if (own == null) {
      routes.addAll(Operations.metrics(metrics));
    }
    servers.add(Server.start(vertx, place(settings.listen()), face(routes, metrics), around));
    if (own != null) {
      var face = face(Operations.metrics(metrics), metrics);
      servers.add(Server.start(vertx, place(own), face, around));
    }
  }

  private Face face(List<Route> routes, Metrics metrics) {
    var peers = new Peers(settings.trustedProxies());
    return new Face(
        routes,
        HttpLimits.usual(),
        peers,
        metrics,
        Translation::fault,
        problem -> look.problem(problem, null));
  }

  private static Server.Place place(Settings.Listen listen) {
    return new Server.Place(listen.host(), listen.port(), EventLoops.COUNT);
  }

  private Operations.Documents documents() {
    return new Operations.Documents(
        () -> Optional.of(document(keys.discovery())),
        () -> keys.ready() ? Optional.of(document(keys.jwks())) : Optional.empty(),
        Api.welcome(settings),
        Api.openapi());
  }

  private static Document document(PublicDocument document) {
    return Document.of(document.body(), "application/json", document.maxAge());
  }

  private Readying readying() {
    return new Readying(
        () -> preparation.run(random), clouds::warmUp, this::maintain, failed::offer);
  }

  private void maintain() {
    var reconciler = new Reconciler(stores.ledger(), Reconciler.AGE);
    upkeep.every(Duration.ofSeconds(2), "clock", stores.clock()::measure);
    upkeep.every(Duration.ofSeconds(30), "keys", keys::refresh);
    upkeep.every(Duration.ofSeconds(2), "reconcile", reconciler::run);
    upkeep.every(Duration.ofSeconds(2), "checkpoints", checkpoints::run);
    upkeep.every(Duration.ofMinutes(1), "tokens", stores.tokens()::forgetDead);
    upkeep.every(Duration.ofMinutes(5), "poll tokens", stores.polls()::forgetDead);
    upkeep.every(Duration.ofMinutes(1), "sessions", stores.sessions()::forgetDead);
    sweeping.begin(upkeep);
    cutting.begin(upkeep);
    telling.begin(upkeep);
  }

  private Preparation preparation() {
    var owner = settings.database().owner();
    return new Preparation(
        stores.database(),
        owner == null ? null : Addresses.of(owner),
        settings.database().service().user(),
        stores.clock(),
        keys,
        policies::tell);
  }

  private void loaded(Policies set) {
    var detail = Map.<String, Object>of("policies", set.digest(), "roles", set.roles().size());
    stores.ledger().append(Entry.ofBroker(EntryKind.POLICY_LOADED, detail));
  }

  private void heard(String signal) {
    if (signal.equals("keys")) {
      upkeep.now("keys", keys::refresh);
    } else if (signal.equals("notices")) {
      telling.hurry(upkeep);
    } else {
      // A request was decided or ended, or a binding must go.
      sweeping.hurry(upkeep);
      cutting.hurry(upkeep);
    }
  }

  private SigningKeys keys(CryptoProvider crypto) {
    var smith = Signing.smith(settings, crypto, random);
    return Signing.keys(settings, stores.keys(), smith, stores.clock());
  }

  private List<TrustedIssuer> trusted() {
    return settings.issuers().stream().map(IssuerSettings::trusted).toList();
  }
}
