package io.daypass.web.api;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Credential;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Secret;
import io.daypass.cloud.Turn;
import io.daypass.identity.Caller;
import io.daypass.identity.Callers;
import io.daypass.identity.Kind;
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
import io.daypass.ledger.RecordedGrant;
import io.daypass.ledger.Strangers;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Condition;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Facts;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Rule;
import io.daypass.policy.Rule.NamedCondition;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.Target;
import io.daypass.policy.TicketPattern;
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
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The API and the pages over stores in memory, with a few roles and a cloud that always gives. */
public final class World implements AutoCloseable {

  public static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
  private static final URI ORIGIN = URI.create("https://daypass.example.com");
  static final InstantSource CLOCK = InstantSource.fixed(NOW);

  /** A Google provider that two roles use. */
  static final String PROVIDER =
      "//iam.googleapis.com/projects/7/locations/global/workloadIdentityPools/pool/providers/daypass";

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
  final Limits limits = new Limits(new RateSettings(3, 5, 5, 5, 6, 9, 1), nanos::get);
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
            World::policies,
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
                World::policies,
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
  private final Offices offices = new Offices(group("audit"), group("platform"));
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
    var approvals = new ApprovalDesk(stores, World::policies, stepUp, new People(stores));
    var reader = new RequestReader(stores, approvals, offices);
    return new Api.Desks(
        new RequestDesk(stores, World::policies, draft, reader),
        approvals,
        reader,
        new SuspensionDesk(stores, offices));
  }

  private Api.Knowledge knowledge() {
    return new Api.Knowledge(
        World::policies,
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
    var errands = new RefusedErrands(ledger, World::policies, strangers);
    var coverage = new Coverage(stores, World::policies, draft, waiting, errands);
    var issuance =
        new Issuance(
            coverage,
            ledger,
            List.of(cloud),
            (_, session, destination) ->
                new Secret("https://console.invalid/" + destination + session.expiresAt()));
    var refusals = new Refusals(ledger, World::policies, strangers);
    return new Api.Issuing(issuance, ledger, refusals, checkpoints, ORIGIN);
  }

  /** Gives, unless it is told otherwise. */
  static final class GivingCloud implements Cloud {
    volatile Mint mint = GivingCloud::given;
    volatile boolean busy;
    volatile Runnable whileWaiting = () -> {};

    interface Mint {
      Credential of(RecordedGrant grant) throws MintException;
    }

    @Override
    public boolean serves(Target target) {
      return true;
    }

    @Override
    public Optional<Turn> turn(Target target) {
      whileWaiting.run();
      return busy ? Optional.empty() : Optional.of(Turn.atOnce(grant -> mint.of(grant)));
    }

    @Override
    public int heldBack() {
      return 0;
    }

    static Credential given(RecordedGrant grant) {
      return new Credential.AwsSession(
          "ASIAEXAMPLE",
          new Secret("a secret"),
          new Secret("a-token"),
          "123456789012",
          grant.endsAt());
    }
  }

  private static Policies policies() {
    var automatic = allow(List.of(), new Rule.Asks(false, null));
    var reviewed =
        allow(
            List.of(new ApprovalLine(group("leads"), 1)),
            new Rule.Asks(true, ticket("OPS-[0-9]+")));
    return new Policies(
        List.of(
            role("staging-admin", rule("engineers", group("engineering"), automatic)),
            role("prod-admin", rule("with a lead", group("engineering"), reviewed)),
            role("ci-deploy", rule("the run", subject("repo:acme/shop"), automatic)),
            atGoogle("gcp-logs"),
            atGoogle("gcp-reports"),
            new Role(
                "mischief",
                Callers.HOSTILE,
                Role.Access.ADMIN,
                Role.Sensitivity.HIGH,
                new Target.Oidc("https://example.com", Map.of(), Target.Oidc.Signing.RS256),
                Duration.ofHours(8),
                Duration.ofMinutes(10),
                List.of(
                    rule(Callers.HOSTILE, group("mischief"), reviewed(Callers.HOSTILE)),
                    rule("runs", isRun(), reviewed("who leads"))),
                "digest of mischief")),
        "digest");
  }

  private static Outcome.Allow allow(List<ApprovalLine> lines, Rule.Asks asks) {
    return new Outcome.Allow(lines, null, asks);
  }

  private static Outcome.Allow reviewed(String from) {
    var line = new ApprovalLine(condition(from, facts -> isIn(facts, "leads")), 1);
    return allow(List.of(line), new Rule.Asks(true, null));
  }

  private static Condition isRun() {
    return condition(
        "kind == \"workload\" && subject != \"repo:acme/shop\"",
        facts ->
            facts.identity().kind() == Kind.WORKLOAD
                && !facts.identity().id().subject().equals("repo:acme/shop"));
  }

  private static boolean isIn(Facts facts, String group) {
    return facts.identity().groups().contains(group);
  }

  private static Rule rule(String name, Condition who, Outcome outcome) {
    return new Rule(name, List.of(new NamedCondition("who", who)), outcome, "roles.yaml", 1);
  }

  private static Role role(String name, Rule rule) {
    var arn = RoleArn.parse("arn:aws:iam::123456789012:role/" + name).orElseThrow();
    return new Role(
        name,
        "What " + name + " is for",
        Role.Access.WRITE,
        Role.Sensitivity.LOW,
        new Target.Aws(arn, null, List.of("cloudwatch", "ec2")),
        Duration.ofHours(8),
        Duration.ofHours(1),
        List.of(rule),
        "digest of " + name);
  }

  /** One that nobody here may have, like the other one that uses the same provider. */
  private static Role atGoogle(String name) {
    return new Role(
        name,
        "What " + name + " is for",
        Role.Access.READ_ONLY,
        Role.Sensitivity.LOW,
        new Target.Google(name + "@acme-prod.iam.gserviceaccount.com", PROVIDER, List.of("logs")),
        Duration.ofHours(8),
        Duration.ofHours(1),
        List.of(rule("keepers", group("keepers"), allow(List.of(), new Rule.Asks(false, null)))),
        "digest of " + name);
  }

  private static TicketPattern ticket(String text) {
    var compiled = Pattern.compile(text);
    return new TicketPattern() {
      @Override
      public boolean matches(String ticket) {
        return compiled.matcher(ticket).matches();
      }

      @Override
      public String pattern() {
        return text;
      }
    };
  }

  static Condition group(String group) {
    return condition(
        "\"" + group + "\" in groups", facts -> facts.identity().groups().contains(group));
  }

  private static Condition subject(String subject) {
    return condition(
        "subject == \"" + subject + "\"", facts -> facts.identity().id().subject().equals(subject));
  }

  private static Condition condition(String text, Predicate<Facts> test) {
    return new Condition() {
      @Override
      public Truth holds(Facts facts) {
        return Truth.of(test.test(facts));
      }

      @Override
      public String text() {
        return text;
      }
    };
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
