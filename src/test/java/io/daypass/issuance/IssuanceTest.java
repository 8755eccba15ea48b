package io.daypass.issuance;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Console;
import io.daypass.cloud.Credential;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.Turn;
import io.daypass.identity.Caller;
import io.daypass.identity.PollToken;
import io.daypass.identity.TestCallers;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.MemoryLedger;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Policies;
import io.daypass.policy.Rule.Asks;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.Target;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.Asking;
import io.daypass.request.DeskAnswer;
import io.daypass.request.MemoryPolls;
import io.daypass.request.MemoryRequests;
import io.daypass.request.Offices;
import io.daypass.request.People;
import io.daypass.request.RefusalCode;
import io.daypass.request.RequestDesk;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestIds;
import io.daypass.request.RequestReader;
import io.daypass.request.RequestStore;
import io.daypass.request.Roles;
import io.daypass.request.TickingClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class IssuanceTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Outcome FREEZE = new Outcome.Deny("wait");

  private final TickingClock clock = new TickingClock();
  private final MemoryRequests store = new MemoryRequests(clock, 2);
  private final MemoryPolls polls = new MemoryPolls(store);
  private final MemoryLedger entries = new MemoryLedger(store, clock);
  private final Ledger ledger = new Ledger(entries, UUID::randomUUID);
  private final AtomicReference<Policies> policies =
      new AtomicReference<>(
          Roles.policies(
              role("now").automatic().make(),
              role("asked").approvedBy(one("leads")).make(),
              role("reasoned")
                  .rule(
                      "with reason",
                      Roles.always(),
                      new Outcome.Allow(List.of(), null, new Asks(true, null)))
                  .make(),
              role("frozen").rule("freeze", Roles.always(), FREEZE).make()));
  private final RequestDraft draft = new RequestDraft(new RequestIds(), Duration.ofHours(24));
  private final ApprovalDesk approvals =
      new ApprovalDesk(
          store,
          policies::get,
          new ApprovalDesk.StepUp(Duration.ofMinutes(15), List.of()),
          new People(store));
  private final RequestDesk desk =
      new RequestDesk(
          store,
          policies::get,
          draft,
          new RequestReader(store, approvals, new Offices(Roles.never(), Roles.never())));
  private final Caller alice = TestCallers.human("alice");
  private final Caller bob = TestCallers.human("bob", "leads");

  private interface Mint {
    Credential mint(RecordedGrant grant) throws MintException;
  }

  private Mint mint = IssuanceTest::session;
  private boolean room = true;
  private Duration waited = Duration.ZERO;
  private Runnable whileWaiting = () -> {};
  private int turns;
  private int minted;
  private int made;
  private Console console = (_, _, place) -> new Secret("https://console.example.com/" + place);

  private static Credential session(RecordedGrant grant) {
    return session(grant.endsAt());
  }

  private static Credential session(Instant expires) {
    return new Credential.AwsSession(
        "ASIAEXAMPLE", new Secret("key"), new Secret("token"), "123456789012", expires);
  }

  private final class FakeCloud implements Cloud {
    @Override
    public boolean serves(Target target) {
      return target instanceof Target.Aws;
    }

    @Override
    public int heldBack() {
      return 0;
    }

    @Override
    public Optional<Turn> turn(Target target) {
      whileWaiting.run();
      if (!room) {
        return Optional.empty();
      }
      turns++;
      return Optional.of(new FakeTurn());
    }
  }

  private final class FakeTurn implements Turn {
    @Override
    public Duration waited() {
      return waited;
    }

    @Override
    public Credential mint(RecordedGrant grant) throws MintException {
      assertThat(turns).isEqualTo(1);
      assertThat(entries.kinds()).contains("intent");
      minted++;
      return mint.mint(grant);
    }

    @Override
    public void close() {
      turns--;
    }
  }

  private Circumstances now() {
    return new Circumstances(clock.instant(), "192.0.2.1");
  }

  private Issuance issuance() {
    return issuance(List.of(new FakeCloud()));
  }

  private Issuance issuance(List<Cloud> clouds) {
    return new Issuance(
        new Coverage(
            store, policies::get, draft, new Waiting(store, polls, this::pollToken), ledger),
        ledger,
        clouds,
        (target, session, place) -> console.link(target, session, place));
  }

  private PollToken pollToken() {
    return PollToken.of(ByteBuffer.allocate(32).putInt(++made).array());
  }

  private Answer issue(Caller caller, String role) {
    return issuance().issue(caller, Errand.to(role), now());
  }

  private AccessRequest made(Caller caller, String role) {
    var wish = new Wish(HOUR, "work " + clock.instant(), null);
    var answer = desk.make(caller, new Asking(role, wish, null, null), now());
    return ((DeskAnswer.Made) answer).request();
  }

  private AccessRequest approved() {
    var request = made(alice, "asked");
    assertThat(approvals.approve(bob, request.id(), null, null, now()))
        .isInstanceOf(DeskAnswer.Done.class);
    return store.find(request.id()).orElseThrow();
  }

  private void end(AccessRequest request, State to) {
    assertThat(store.end(new RequestStore.End(request.id(), to, bob.id(), "bob", "enough")))
        .isInstanceOf(RequestStore.Ended.Done.class);
  }

  private void refused(Answer answer, IssueRefusal why) {
    assertThat(answer).isEqualTo(new Answer.Refused(why));
    assertThat(entries.entries().getLast().canonical()).contains(why.code());
  }

  private void nothingWasMinted() {
    assertThat(minted).isZero();
    assertThat(entries.kinds()).doesNotContain("sealed");
  }

  @Test
  void an_approved_request_gives_a_credential_that_was_written_down_first() {
    var request = approved();
    var answer = issue(alice, "asked");
    assertThat(answer).isInstanceOf(Answer.Issued.class);
    var issued = (Answer.Issued) answer;
    assertThat(issued.request()).isEqualTo(request.id());
    assertThat(issued.credential().expiresAt()).isEqualTo(request.times().grantEnds());
    assertThat(entries.kinds()).endsWith("intent", "sealed");
    assertThat(entries.entries().getLast().issuance()).isEqualTo(issued.issuance());
  }

  @Test
  void p7_the_ledger_keeps_a_fingerprint_and_no_secret() {
    approved();
    issue(alice, "asked");
    var seal = entries.entries().getLast().canonical();
    assertThat(seal).contains(new Secret("token").fingerprint(), "ASIAEXAMPLE");
    assertThat(seal).doesNotContain("\"token\"", "\"key\"");
  }

  @Test
  void e7_nothing_is_minted_when_the_ledger_cannot_be_written() {
    approved();
    entries.breakAt("intent");
    assertThat(issue(alice, "asked")).isEqualTo(new Answer.LedgerUnavailable());
    nothingWasMinted();
    entries.breakAt("any");
    assertThat(issue(TestCallers.machine("job", "jti").make(), "now"))
        .isEqualTo(new Answer.LedgerUnavailable());
    assertThat(issue(alice, "frozen")).isEqualTo(new Answer.LedgerUnavailable());
    nothingWasMinted();
  }

  @Test
  void f3_nothing_is_minted_when_requests_cannot_be_read() {
    approved();
    store.setDown(true);
    assertThat(issue(alice, "asked")).isEqualTo(new Answer.LedgerUnavailable());
    nothingWasMinted();
  }

  @Test
  void f6_a_credential_whose_seal_fails_is_dropped() {
    approved();
    entries.breakAt("sealed");
    assertThat(issue(alice, "asked")).isEqualTo(new Answer.LedgerUnavailable());
    assertThat(minted).isEqualTo(1);
    assertThat(entries.kinds()).doesNotContain("sealed");
    entries.breakAt();
    clock.advance(Duration.ofMinutes(2));
    assertThat(new Reconciler(ledger, Reconciler.AGE).run()).isEqualTo(1);
    assertThat(new Reconciler(ledger, Reconciler.AGE).run()).isZero();
    assertThat(entries.kinds()).endsWith("orphaned");
  }

  @Test
  void c7_a_credential_that_outlives_its_grant_is_dropped() {
    approved();
    mint = grant -> session(grant.endsAt().plusSeconds(1));
    assertThat(issue(alice, "asked"))
        .isInstanceOfSatisfying(
            Answer.CloudFailed.class,
            f -> assertThat(f.reason()).isEqualTo(Reason.CLOUD_ANSWER_WRONG));
    assertThat(entries.kinds()).endsWith("intent", "unknown");
  }

  @Test
  void every_failure_of_the_cloud_has_its_outcome() {
    for (var reason : Reason.values()) {
      approved();
      mint =
          _ -> {
            throw new MintException(reason);
          };
      assertThat(issue(alice, "asked"))
          .isInstanceOfSatisfying(
              Answer.CloudFailed.class, f -> assertThat(f.reason()).isEqualTo(reason));
      assertThat(entries.kinds()).endsWith("intent", reason.mayExist() ? "unknown" : "failed");
    }
    assertThat(entries.kinds()).doesNotContain("sealed");
  }

  @Test
  void a_bug_in_a_cloud_is_an_unknown_outcome_and_no_exception() {
    approved();
    mint =
        _ -> {
          throw new IllegalStateException("bug");
        };
    assertThat(issue(alice, "asked")).isInstanceOf(Answer.CloudFailed.class);
    assertThat(entries.kinds()).endsWith("intent", "unknown");
  }

  @Test
  void a_failure_that_cannot_be_written_down_is_no_credential_either() {
    approved();
    mint =
        _ -> {
          entries.breakAt("any");
          throw new MintException(Reason.CLOUD_FAILED);
        };
    assertThat(issue(alice, "asked")).isEqualTo(new Answer.LedgerUnavailable());
  }

  @Test
  void where_too_much_waits_for_the_cloud_nothing_is_recorded_and_no_token_spent() {
    var run = TestCallers.machine("ci", "run-1").make();
    room = false;
    assertThat(issue(run, "now")).isEqualTo(new Answer.Refused(IssueRefusal.CLOUD_BUSY));
    assertThat(entries.kinds()).isEmpty();
    room = true;
    assertThat(issue(run, "now")).isInstanceOf(Answer.Issued.class);
    assertThat(turns).isZero();
  }

  @Test
  void p4_who_waited_for_a_turn_is_judged_by_what_holds_then() {
    waited = Duration.ofSeconds(5);
    whileWaiting =
        () ->
            policies.set(Roles.policies(role("now").rule("freeze", Roles.always(), FREEZE).make()));
    var run = TestCallers.machine("ci", "run-1").make();
    assertThat(issue(run, "now")).isInstanceOf(Answer.Denied.class);
    assertThat(entries.kinds()).containsExactly("refused");
    nothingWasMinted();
    assertThat(turns).isZero();
  }

  @Test
  void p5_a_grant_that_was_revoked_while_it_waited_for_a_turn_gets_nothing() {
    var request = approved();
    waited = Duration.ofSeconds(5);
    whileWaiting = () -> end(request, State.REVOKED);
    refused(issue(alice, "asked"), IssueRefusal.GRANT_REVOKED);
    assertThat(entries.kinds()).doesNotContain("intent");
    nothingWasMinted();
  }

  @Test
  void a_turn_is_good_for_where_its_role_led_and_for_nothing_else() {
    waited = Duration.ofSeconds(5);
    whileWaiting =
        () ->
            policies.set(
                Roles.policies(
                    role("now").automatic().arn("arn:aws:iam::123456789012:role/moved").make()));
    var run = TestCallers.machine("ci", "run-1").make();
    assertThat(issue(run, "now")).isEqualTo(new Answer.Refused(IssueRefusal.CLOUD_BUSY));
    assertThat(entries.kinds()).isEmpty();
    whileWaiting = () -> {};
    assertThat(issue(run, "now")).isInstanceOf(Answer.Issued.class);
  }

  @Test
  void for_somebody_who_has_gone_before_the_turn_came_no_token_is_spent() {
    var run = TestCallers.machine("ci", "run-1").make();
    var gone = new Terms(_ -> true, () -> false);
    assertThat(issuance().issue(run, Errand.to("now"), now(), gone))
        .isEqualTo(new Answer.Refused(IssueRefusal.CLOUD_BUSY));
    assertThat(entries.kinds()).isEmpty();
    assertThat(turns).isZero();
    assertThat(issue(run, "now")).isInstanceOf(Answer.Issued.class);
  }

  @Test
  void a_target_that_no_cloud_serves_is_a_failure() {
    approved();
    assertThat(issuance(List.of()).issue(alice, Errand.to("asked"), now()))
        .isInstanceOf(Answer.CloudFailed.class);
    assertThat(entries.kinds()).endsWith("intent", "failed");
  }

  @Test
  void without_a_grant_nothing_is_issued() {
    refused(issue(alice, "now"), IssueRefusal.APPROVAL_REQUIRED);
    refused(issue(alice, "asked"), IssueRefusal.APPROVAL_REQUIRED);
    refused(issue(alice, "reasoned"), IssueRefusal.APPROVAL_REQUIRED);
    made(alice, "asked");
    refused(issue(bob, "asked"), IssueRefusal.APPROVAL_REQUIRED);
    nothingWasMinted();
  }

  @Test
  void p6_what_the_policies_do_not_allow_is_denied_and_recorded() {
    for (var role : List.of("frozen", "no-such-role")) {
      assertThat(issue(alice, role)).isInstanceOf(Answer.Denied.class);
      assertThat(entries.kinds()).endsWith("refused");
      var job = TestCallers.machine("job", role).make();
      assertThat(issue(job, role)).isInstanceOf(Answer.Denied.class);
      assertThat(entries.entries().getLast().caller()).isEqualTo(job.id());
    }
    nothingWasMinted();
  }

  @Test
  void c4_what_the_policies_of_now_deny_is_not_issued_under_an_old_approval() {
    approved();
    var freeze = new Outcome.Deny("wait");
    policies.set(role("asked").rule("freeze", Roles.always(), freeze).policies());
    assertThat(issue(alice, "asked")).isInstanceOf(Answer.Denied.class);
    nothingWasMinted();
  }

  @Test
  void c4_the_shorter_limit_of_now_wins() {
    var request = approved();
    policies.set(role("asked").max(Duration.ofMinutes(5)).approvedBy(one("leads")).policies());
    var issued = (Answer.Issued) issue(alice, "asked");
    var starts = request.times().grantStarts();
    assertThat(Duration.between(starts, issued.credential().expiresAt()))
        .isEqualTo(Duration.ofMinutes(5));
    clock.advance(Duration.ofMinutes(6));
    refused(issue(alice, "asked"), IssueRefusal.GRANT_ENDED);
    assertThat(minted).isEqualTo(1);
  }

  @Test
  void c4_approvals_that_no_longer_meet_the_policies_give_nothing() {
    approved();
    policies.set(role("asked").approvedBy(one("leads"), one("security")).policies());
    refused(issue(alice, "asked"), IssueRefusal.APPROVAL_LOST);
    nothingWasMinted();
  }

  @Test
  void c10_an_approver_who_lost_their_standing_carries_nothing() {
    approved();
    var moved = TestCallers.person("bob").issuedAt(TestCallers.SIGNED_IN.plusSeconds(1)).make();
    store.remember(moved.identity(), moved.token().issuedAt());
    refused(issue(alice, "asked"), IssueRefusal.APPROVAL_LOST);
    approved();
    store.suspend(bob.id(), true, alice.id(), "left");
    refused(issue(alice, "asked"), IssueRefusal.APPROVAL_LOST);
    nothingWasMinted();
  }

  @Test
  void p5_a_revoked_grant_issues_nothing() {
    for (var to : List.of(State.REVOKED, State.RETURNED)) {
      end(approved(), to);
      assertThat(issue(alice, "asked")).isInstanceOf(Answer.Refused.class);
    }
    nothingWasMinted();
  }

  @Test
  void p5_a_grant_revoked_while_the_cloud_mints_hands_nothing_out() {
    var request = approved();
    mint =
        grant -> {
          end(request, State.REVOKED);
          return session(grant);
        };
    refused(issue(alice, "asked"), IssueRefusal.GRANT_REVOKED);
    assertThat(entries.kinds()).endsWith("unknown").doesNotContain("sealed");
  }

  @Test
  void an_issuance_that_the_reconciler_closed_hands_nothing_out() {
    approved();
    mint =
        grant -> {
          clock.advance(Duration.ofMinutes(2));
          assertThat(ledger.closeOrphans(Reconciler.AGE)).containsExactly(grant.issuance());
          return session(grant);
        };
    assertThat(issue(alice, "asked")).isEqualTo(new Answer.Refused(IssueRefusal.CLOSED));
    assertThat(entries.kinds()).endsWith("orphaned").doesNotContain("sealed");
  }

  @Test
  void a_grant_that_ends_while_the_cloud_mints_hands_nothing_out() {
    approved();
    mint =
        grant -> {
          clock.advance(HOUR);
          return session(grant);
        };
    refused(issue(alice, "asked"), IssueRefusal.GRANT_ENDED);
  }

  @Test
  void while_stopped_nothing_is_issued() {
    approved();
    var stop = new Entry(EntryKind.STOP, null, null, null, bob.id(), Map.of());
    ledger.setStopped(true, stop);
    refused(issue(alice, "asked"), IssueRefusal.STOPPED);
    refused(issue(TestCallers.machine("job", "jti").make(), "now"), IssueRefusal.STOPPED);
    nothingWasMinted();
  }

  @Test
  void a_machine_opens_its_request_with_its_token_in_the_same_call() {
    var job = TestCallers.machine("repo:acme/shop", "jti").make();
    var issued = (Answer.Issued) issue(job, "now");
    var request = store.find(issued.request()).orElseThrow();
    assertThat(request.requester()).isEqualTo(job.identity());
    assertThat(entries.kinds())
        .containsExactly("request_made", "decided_by_rule", "intent", "sealed");
    refused(issue(job, "now"), IssueRefusal.TOKEN_ALREADY_USED);
    assertThat(minted).isEqualTo(1);
  }

  @Test
  void a_machine_asks_for_less_and_gets_no_more_than_its_rule_gives() {
    var less = new Errand("now", Duration.ofMinutes(7), "deploy", "INC-1");
    var job = TestCallers.machine("job", "jti-1").make();
    var issued = (Answer.Issued) issuance().issue(job, less, now());
    var request = store.find(issued.request()).orElseThrow();
    assertThat(request.wish()).isEqualTo(new Wish(Duration.ofMinutes(7), "deploy", "INC-1"));
    var more = new Errand("now", Duration.ofDays(7), "", null);
    issued =
        (Answer.Issued) issuance().issue(TestCallers.machine("job", "jti-2").make(), more, now());
    request = store.find(issued.request()).orElseThrow();
    assertThat(request.wish().duration()).isEqualTo(Duration.ofHours(8));
  }

  @Test
  void a_machine_that_needs_people_waits_and_its_token_is_used() {
    var job = TestCallers.machine("job", "jti").make();
    assertThat(issue(job, "asked")).isInstanceOf(Answer.Pending.class);
    refused(issue(job, "asked"), IssueRefusal.TOKEN_ALREADY_USED);
    assertThat(issue(TestCallers.machine("job", "jti-2").make(), "asked"))
        .isInstanceOf(Answer.Pending.class);
    assertThat(issue(TestCallers.machine("job", "jti-3").make(), "asked"))
        .isEqualTo(new Answer.NotOpened(RefusalCode.TOO_MANY_OPEN_REQUESTS));
    nothingWasMinted();
  }

  @Test
  void a_reusable_token_comes_back_to_what_it_opened() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    var pending = (Answer.Pending) issue(pod, "asked");
    assertThat(((Answer.Pending) issue(pod, "asked")).request()).isEqualTo(pending.request());
    approvals.approve(bob, pending.request().id(), null, null, now());
    assertThat(issue(pod, "asked"))
        .isInstanceOfSatisfying(
            Answer.Issued.class, i -> assertThat(i.request()).isEqualTo(pending.request().id()));
    end(pending.request(), State.REVOKED);
    refused(issue(pod, "asked"), IssueRefusal.GRANT_REVOKED);
  }

  @Test
  void a16_what_one_callers_token_opened_is_not_another_callers_whose_token_has_the_same_jti() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    var other = TestCallers.machine("other", "jti").reusable().make();
    for (var role : List.of("now", "asked")) {
      issue(pod, role);
      refused(issue(other, role), IssueRefusal.TOKEN_ALREADY_USED);
    }
    assertThat(minted).isEqualTo(1);
  }

  @Test
  void what_people_ended_a_reusable_token_does_not_open_again() {
    var why =
        Map.of(
            State.CANCELLED, IssueRefusal.REQUEST_CANCELLED,
            State.REVOKED, IssueRefusal.GRANT_REVOKED);
    why.forEach((to, refusal) -> {
      var pod = TestCallers.machine("pod", "jti " + to).reusable().make();
      end(((Answer.Pending) issue(pod, "asked")).request(), to);
      refused(issue(pod, "asked"), refusal);
    });
    var pod = TestCallers.machine("pod", "jti returned").reusable().make();
    var issued = (Answer.Issued) issue(pod, "now");
    end(store.find(issued.request()).orElseThrow(), State.RETURNED);
    refused(issue(pod, "now"), IssueRefusal.GRANT_RETURNED);
  }

  @Test
  void what_time_ended_a_reusable_token_opens_again() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    var first = (Answer.Issued) issue(pod, "now");
    clock.advance(Duration.ofHours(9));
    var second = (Answer.Issued) issue(pod, "now");
    assertThat(second.request()).isNotEqualTo(first.request());
  }

  @Test
  void a_grant_that_starts_later_gives_nothing_yet() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    var later = clock.instant().plusSeconds(600);
    desk.make(pod, new Asking("now", new Wish(HOUR, "x", null), later, null), now());
    refused(issue(pod, "now"), IssueRefusal.GRANT_NOT_STARTED);
    nothingWasMinted();
  }

  @Test
  void a_console_link_is_written_down_before_it_is_given() {
    approved();
    var link = issuance().console(alice, "asked", null, now());
    assertThat(link)
        .isInstanceOfSatisfying(
            Answer.ConsoleLink.class,
            l -> assertThat(l.url().reveal()).isEqualTo("https://console.example.com/ec2"));
    assertThat(entries.kinds()).endsWith("intent", "sealed", "console_link");
    assertThat(entries.entries().getLast().canonical()).doesNotContain("https://");
    entries.breakAt("console_link");
    assertThat(issuance().console(alice, "asked", "s3", now()))
        .isEqualTo(new Answer.LedgerUnavailable());
  }

  @Test
  void p8_a_console_link_leads_where_the_role_says_and_nowhere_else() {
    approved();
    for (var place : List.of("https://evil.example.com", "iam", "")) {
      assertThat(issuance().console(alice, "asked", place, now()))
          .isEqualTo(new Answer.NoSuchDestination());
    }
    nothingWasMinted();
    assertThat(entries.kinds()).doesNotContain("intent");
  }

  @Test
  void a_console_that_fails_gives_no_link() {
    approved();
    console =
        (_, _, _) -> {
          throw new MintException(Reason.CLOUD_THROTTLED);
        };
    assertThat(issuance().console(alice, "asked", null, now()))
        .isInstanceOf(Answer.CloudFailed.class);
    console =
        (_, _, _) -> {
          throw new IllegalStateException("bug");
        };
    assertThat(issuance().console(alice, "asked", null, now()))
        .isInstanceOf(Answer.CloudFailed.class);
    assertThat(entries.kinds()).doesNotContain("console_link");
  }

  @Test
  void every_refusal_says_what_to_do_next() {
    for (var why : IssueRefusal.values()) {
      assertThat(why.code()).isEqualTo(why.name().toLowerCase(java.util.Locale.ROOT));
      assertThat(why.detail()).isNotBlank();
      assertThat(why.next()).isNotBlank();
    }
  }
}
