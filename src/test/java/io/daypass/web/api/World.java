package io.daypass.web.api;

import io.daypass.cloud.Secret;
import io.daypass.identity.Caller;
import io.daypass.identity.Callers;
import io.daypass.identity.PollToken;
import io.daypass.identity.PollVerifier;
import io.daypass.identity.Rejection;
import io.daypass.identity.Verification;
import io.daypass.issuance.Coverage;
import io.daypass.issuance.Issuance;
import io.daypass.issuance.Recognition;
import io.daypass.issuance.RefusedErrands;
import io.daypass.issuance.Waiting;
import io.daypass.ledger.Checkpoints;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.MemoryCheckpoints;
import io.daypass.ledger.Strangers;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.MemoryPolls;
import io.daypass.request.Offices;
import io.daypass.request.People;
import io.daypass.request.RequestDesk;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestId;
import io.daypass.request.RequestReader;
import io.daypass.request.SuspensionDesk;
import io.daypass.settings.RateSettings;
import io.daypass.web.Limits;
import io.daypass.web.Running;
import io.daypass.web.compat.Compat;
import io.daypass.web.pages.Browser;
import io.daypass.web.pages.Pages;
import io.daypass.web.pages.Templates;
import io.daypass.web.pages.Visitors;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** The API and the pages over stores in memory, with a few roles and a cloud that always gives. */
public final class World implements AutoCloseable {

  public static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
  private static final URI ORIGIN = URI.create("https://daypass.example.com");
  static final InstantSource CLOCK = InstantSource.fixed(NOW);

  final AtomicLong nanos = new AtomicLong();
  final MemoryStores stores = new MemoryStores(CLOCK);
  final MemoryPolls polls = new MemoryPolls(stores);
  final Map<String, Caller> tokens =
      Map.ofEntries(
          Map.entry("alice", Callers.person("alice", NOW, "engineering")),
          Map.entry("bob", Callers.person("bob", NOW, "engineering", "leads")),
          Map.entry("erin", Callers.person("erin", NOW, "audit")),
          Map.entry("pat", Callers.person("pat", NOW, "platform")),
          Map.entry("quin", Callers.person("quin", NOW, "platform")),
          Map.entry("olaf", Callers.person("olaf", NOW.minus(Duration.ofHours(1)), "leads")),
          Map.entry("mallory", Callers.hostile(NOW, "mischief")),
          Map.entry("vandal", Callers.hostileRun(NOW, "https://github.example")),
          Map.entry("release", Callers.gitHubRun(NOW)),
          Map.entry("run", Callers.run("repo:acme/shop", "1", NOW)),
          Map.entry("pod", Callers.pod("repo:acme/shop", "2", NOW)));
  final Limits limits = new Limits(new RateSettings(3, 5, 5, 5, 6, 9, 1, 18), nanos::get);
  final GivingCloud cloud = new GivingCloud();
  final Running running;

  public World() {
    var all = new ArrayList<>(routes());
    all.addAll(pages());
    running = Running.with(all, Translation::fault, problem -> look.problem(problem, null));
  }

  /** The pages, for who is named in the session's cookie. */
  public List<io.daypass.web.Route> pages() {
    var desks = desks();
    var issuing = issuing();
    var templates = look;
    var refusals = issuing.refusals();
    var reading = reading(desks, issuing, refusals);
    var lodge =
        new Visitors.Lodge(
            (session, _) -> Optional.ofNullable(tokens.get(session.reveal().replace("_", ""))),
            reading.ledger()::mayRead,
            limits,
            issuing.publicUrl(),
            templates);
    return Pages.routes(
        new Visitors(lodge),
        templates,
        new Pages.Behind(
            desks.reader(),
            desks.approvals(),
            new RequestActs(desks.requests(), desks.approvals(), desks.reader(), refusals, CLOCK),
            ApiRoles::policies,
            new Aftermath(null),
            issuing.ledger(),
            checkpoints,
            reading.requests(),
            reading.ledger(),
            issuing.issuance(),
            limits,
            CLOCK,
            () -> "key-" + ids.incrementAndGet()));
  }

  /** A browser that {@code who} is signed in with. */
  public Browser browser(String who) {
    return new Browser(running, who + "_".repeat(43 - who.length()), ORIGIN.toString());
  }

  /** Lets a minute pass for what may be done so often a minute. */
  public void nextMinute() {
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
  }

  /** What the ledger was told besides what requests say of themselves. */
  public List<io.daypass.ledger.Entry> entries() {
    return List.copyOf(stores.entries);
  }

  /** Makes a checkpoint of three entries. */
  public void checkpointed() {
    checkpoints.entries.addAll(List.of("one", "two", "three"));
    new Checkpoints(checkpoints, "daypass.example.com/ledger", text -> "signed " + text).run();
  }

  /** From now on nothing can be read or written. */
  public void breakStores() {
    stores.down = true;
  }

  /** Its routes, to be compared with their description. */
  List<io.daypass.web.Route> routes() {
    var door = door();
    var issuing = issuing();
    var desks = desks();
    var refusals = issuing.refusals();
    var reading = reading(desks, issuing, refusals);
    var routes = new ArrayList<>(Api.routes(door, desks, knowledge(), issuing, reading));
    routes.addAll(
        Compat.routes(
            door,
            new Compat.Behind(
                issuing.issuance(),
                new Recognition(issuing.ledger(), stores, CLOCK),
                ApiRoles::policies,
                new Aftermath(null),
                issuing.publicUrl())));
    return routes;
  }

  private Api.Reading reading(Api.Desks desks, Api.Issuing issuing, Refusals refusals) {
    var cursors = new Cursors(List.of(new byte[32]));
    return new Api.Reading(
        new RequestListing(desks.reader(), cursors),
        new LedgerReading(issuing.ledger(), offices, cursors, refusals, limits, CLOCK));
  }

  private Door door() {
    var polls = new PollVerifier(this.polls, Set.of("github", "kubernetes"));
    return new Door(this::verify, polls, new People(stores)::seen, limits, CLOCK);
  }

  private Verification verify(String token) {
    if (token.equals("nokeys")) {
      return new Verification.Unavailable("staff");
    }
    var caller = tokens.get(token);
    return caller == null
        ? new Verification.Rejected(Rejection.SIGNATURE_INVALID)
        : new Verification.Verified(caller);
  }

  private final Templates look = new Templates();
  private final RequestDraft draft = new RequestDraft(this::nextId, Duration.ofHours(24));
  private final AtomicLong ids = new AtomicLong();
  private final Offices offices = new Offices(ApiRoles.group("audit"), ApiRoles.group("platform"));
  final MemoryCheckpoints checkpoints = new MemoryCheckpoints(() -> NOW);

  private PollToken pollToken() {
    var bytes = new byte[32];
    ThreadLocalRandom.current().nextBytes(bytes);
    return PollToken.of(bytes);
  }

  private RequestId nextId() {
    return new RequestId(String.format(Locale.ROOT, "%016d", ids.incrementAndGet()));
  }

  private Api.Desks desks() {
    var stepUp = new ApprovalDesk.StepUp(Duration.ofMinutes(15), List.of());
    var approvals = new ApprovalDesk(stores, ApiRoles::policies, stepUp, new People(stores));
    var reader = new RequestReader(stores, approvals, offices);
    return new Api.Desks(
        new RequestDesk(stores, ApiRoles::policies, draft, reader),
        approvals,
        reader,
        new SuspensionDesk(stores, offices));
  }

  private Api.Knowledge knowledge() {
    return new Api.Knowledge(
        ApiRoles::policies,
        new Aftermath(null),
        offices,
        new Known(
            List.of("staff", "partner", "github"),
            id ->
                tokens.values().stream()
                    .map(Caller::identity)
                    .filter(who -> who.id().equals(id))
                    .findFirst()));
  }

  private Api.Issuing issuing() {
    var ledger = new Ledger(stores, () -> new UUID(7, ids.incrementAndGet()));
    Strangers strangers = (stranger, _) -> limits.refusal(stranger.issuer());
    var waiting = new Waiting(stores, polls, this::pollToken);
    var errands = new RefusedErrands(ledger, ApiRoles::policies, strangers);
    var coverage = new Coverage(stores, ApiRoles::policies, draft, waiting, errands);
    var issuance =
        new Issuance(
            coverage,
            ledger,
            List.of(cloud),
            (_, session, destination) ->
                new Secret("https://console.invalid/" + destination + session.expiresAt()));
    var refusals = new Refusals(ledger, ApiRoles::policies, strangers);
    return new Api.Issuing(issuance, ledger, refusals, checkpoints, ORIGIN);
  }

  public HttpResponse<String> get(String as, String path) {
    return running.send(running.to(path).header("Authorization", "Bearer " + as).GET());
  }

  public HttpResponse<String> post(String as, String path, String json) {
    return running.send(
        running
            .to(path)
            .header("Authorization", "Bearer " + as)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** The id of a new request of alice that waits for a lead. */
  public String pending() {
    var made =
        post(
            "alice",
            "/v1/requests",
            """
            {"role":"prod-admin","duration":"2h","reason":"disk full","ticket":"OPS-7"}\
            """);
    return Optional.ofNullable(new JsonObject(made.body()).getString("id")).orElseThrow();
  }

  @Override
  public void close() {
    running.close();
  }
}
