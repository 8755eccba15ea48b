package io.daypass.issuance;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Secret;
import io.daypass.cloud.Turn;
import io.daypass.identity.Caller;
import io.daypass.identity.PollToken;
import io.daypass.identity.PollVerifier;
import io.daypass.identity.Rejection;
import io.daypass.identity.TestCallers;
import io.daypass.identity.Verification;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.MemoryLedger;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Target;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.DeskAnswer;
import io.daypass.request.MemoryPolls;
import io.daypass.request.MemoryRequests;
import io.daypass.request.People;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestIds;
import io.daypass.request.Roles;
import io.daypass.request.TickingClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A run whose own token expires while it waits for people: the poll token carries on. */
class CarriedOnTest {

  private final TickingClock clock = new TickingClock();
  private final MemoryRequests store = new MemoryRequests(clock, 2);
  private final MemoryPolls polls = new MemoryPolls(store);
  private final MemoryLedger entries = new MemoryLedger(store, clock);
  private final Caller run = TestCallers.machine("repo:acme/shop", "jti").make();
  private int made;

  private final ApprovalDesk approvals =
      new ApprovalDesk(
          store,
          CarriedOnTest::policies,
          new ApprovalDesk.StepUp(Duration.ofHours(24), List.of()),
          new People(store));

  private static io.daypass.policy.Policies policies() {
    return Roles.policies(
        role("asked").approvedBy(one("leads")).make(), role("other").automatic().make());
  }

  private static final class Giving implements Cloud {
    @Override
    public boolean serves(Target target) {
      return true;
    }

    @Override
    public Optional<Turn> turn(Target target) {
      return Optional.of(Turn.atOnce(Giving::given));
    }

    @Override
    public int heldBack() {
      return 0;
    }

    private static Credential given(RecordedGrant grant) {
      return new Credential.AwsSession(
          "ASIAEXAMPLE", new Secret("key"), new Secret("token"), "123456789012", grant.endsAt());
    }
  }

  private Answer issue(Caller caller, String role) {
    var ledger = new Ledger(entries, UUID::randomUUID);
    var draft = new RequestDraft(new RequestIds(), Duration.ofHours(24));
    var waiting = new Waiting(store, polls, this::pollToken);
    var errands = new RefusedErrands(ledger, CarriedOnTest::policies, (_, _) -> Optional.empty());
    var coverage = new Coverage(store, CarriedOnTest::policies, draft, waiting, errands);
    return new Issuance(
            coverage,
            ledger,
            List.of(new Giving()),
            (_, _, place) -> new Secret("https://console.example.com/" + place))
        .issue(caller, Errand.to(role), now());
  }

  private PollToken pollToken() {
    return PollToken.of(ByteBuffer.allocate(32).putInt(++made).array());
  }

  private Circumstances now() {
    return new Circumstances(clock.instant(), "192.0.2.1");
  }

  private PollToken waiting() {
    return Objects.requireNonNull(((Answer.Pending) issue(run, "asked")).token());
  }

  private Verification poll(PollToken token, String role) {
    return new PollVerifier(polls, Set.of("github")).verify(token, role);
  }

  private Caller carried(PollToken token) {
    return ((Verification.Verified) poll(token, "asked")).caller();
  }

  private void approve() {
    var request = store.page(query()).getFirst();
    assertThat(
            approvals.approve(TestCallers.human("bob", "leads"), request.id(), null, null, now()))
        .isInstanceOf(DeskAnswer.Done.class);
  }

  private io.daypass.request.RequestStore.Query query() {
    return new io.daypass.request.RequestStore.Query(run.id(), null, "asked", null, null, 1);
  }

  @Test
  void the_first_token_expires_and_the_poll_token_gets_the_credential() {
    var token = waiting();
    clock.advance(Duration.ofHours(2));
    assertThat(run.token().expiresAt()).isBefore(clock.instant());
    assertThat(issue(carried(token), "asked")).isInstanceOf(Answer.Pending.class);
    approve();
    var answer = (Answer.Issued) issue(carried(token), "asked");
    assertThat(answer.credential().expiresAt()).isAfter(clock.instant());
    assertThat(entries.kinds()).endsWith("intent", "sealed");
  }

  @Test
  void a_poll_token_is_worth_nothing_once_its_grant_has_ended() {
    var token = waiting();
    approve();
    assertThat(issue(carried(token), "asked")).isInstanceOf(Answer.Issued.class);
    clock.advance(Duration.ofHours(24));
    assertThat(issue(carried(token), "asked"))
        .isEqualTo(new Answer.Refused(IssueRefusal.GRANT_ENDED));
  }

  @Test
  void a_poll_token_is_worth_nothing_once_its_request_has_lapsed() {
    var token = waiting();
    clock.advance(Duration.ofHours(25));
    assertThat(issue(carried(token), "asked"))
        .isEqualTo(new Answer.Refused(IssueRefusal.REQUEST_LAPSED));
  }

  @Test
  void a_poll_token_proves_nothing_for_another_role() {
    assertThat(poll(waiting(), "other"))
        .isEqualTo(new Verification.Rejected(Rejection.POLL_TOKEN_UNKNOWN));
  }
}
