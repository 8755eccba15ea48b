package io.daypass.postgres;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Console;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Secret;
import io.daypass.cloud.Turn;
import io.daypass.identity.Caller;
import io.daypass.identity.PollToken;
import io.daypass.issuance.Answer;
import io.daypass.issuance.Coverage;
import io.daypass.issuance.Errand;
import io.daypass.issuance.Issuance;
import io.daypass.issuance.RefusedErrands;
import io.daypass.issuance.Waiting;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Policies;
import io.daypass.policy.Target;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.Asking;
import io.daypass.request.DeskAnswer;
import io.daypass.request.Offices;
import io.daypass.request.OpenLimits;
import io.daypass.request.People;
import io.daypass.request.RequestDesk;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestId;
import io.daypass.request.RequestReader;
import io.daypass.request.Roles;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One replica of the broker over a database, with a cloud that always mints. */
final class Replica implements AutoCloseable {

  private static final OpenLimits OPEN = new OpenLimits(1000, 1000);

  final Database database;
  final PostgresRequests requests;
  final PostgresPolls polls;
  final PostgresLedger ledgerStore;
  final Ledger ledger;
  final ApprovalDesk approvals;
  final RequestDesk desk;
  final Issuance issuance;
  final AtomicInteger minted = new AtomicInteger();

  /** What happens between T1 and T2. */
  volatile Runnable whileMinting = () -> {};

  private final TestDatabase of;

  Replica(TestDatabase of, int connections, Policies policies, Supplier<RequestId> ids) {
    this.of = of;
    database = of.open(connections);
    requests = new PostgresRequests(database, OPEN, policies::digest);
    ledgerStore = new PostgresLedger(database, OPEN, policies::digest);
    ledger = new Ledger(ledgerStore, UUID::randomUUID);
    var draft = new RequestDraft(ids, Duration.ofHours(24));
    var stepUp = new ApprovalDesk.StepUp(Duration.ofMinutes(15), List.of());
    approvals = new ApprovalDesk(requests, () -> policies, stepUp, new People(requests));
    var offices = new Offices(Roles.inGroup("audit"), Roles.inGroup("platform"));
    desk =
        new RequestDesk(
            requests, () -> policies, draft, new RequestReader(requests, approvals, offices));
    polls = new PostgresPolls(database, requests, OPEN);
    var waiting = new Waiting(requests, polls, Replica::pollToken);
    var errands = new RefusedErrands(ledger, () -> policies, (_, _) -> Optional.empty());
    var coverage = new Coverage(requests, () -> policies, draft, waiting, errands);
    Console console = (_, _, _) -> new Secret("https://console.example.com");
    issuance = new Issuance(coverage, ledger, List.of(new Mint()), console);
  }

  private static PollToken pollToken() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return PollToken.of(bytes);
  }

  private final class Mint implements Cloud {
    @Override
    public boolean serves(Target target) {
      return true;
    }

    @Override
    public Optional<Turn> turn(Target target) {
      return Optional.of(Turn.atOnce(this::given));
    }

    @Override
    public int heldBack() {
      return 0;
    }

    private Credential given(RecordedGrant grant) {
      minted.incrementAndGet();
      whileMinting.run();
      return new Credential.AwsSession(
          "ASIA" + grant.issuance(),
          new Secret("s"),
          new Secret("t"),
          "123456789012",
          grant.endsAt());
    }
  }

  Circumstances now() {
    return new Circumstances(of.now(), "192.0.2.1");
  }

  Answer issue(Caller caller, String role) {
    return issuance.issue(caller, Errand.to(role), now());
  }

  AccessRequest ask(Caller caller, String role, String reason) {
    var asking = new Asking(role, new Wish(Duration.ofHours(1), reason, null), null, null);
    return switch (desk.make(caller, asking, now())) {
      case DeskAnswer.Made(var made) -> made;
      case DeskAnswer other -> throw new AssertionError(other);
    };
  }

  DeskAnswer approve(Caller caller, RequestId id) {
    return approvals.approve(caller, id, "yes", null, now());
  }

  DeskAnswer revoke(Caller caller, RequestId id) {
    return desk.revoke(caller, id, "incident", now());
  }

  @Override
  public void close() {
    database.close();
  }
}
