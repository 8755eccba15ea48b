package io.daypass.ledger;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.ledger.Ledger.Recorded;
import io.daypass.ledger.LedgerStore.Seal;
import io.daypass.policy.Decision;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.Approval.Verdict;
import io.daypass.request.Asking;
import io.daypass.request.RequestStore;
import io.daypass.request.RequestStore.Opened;
import io.daypass.request.Warrants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of what every store of ledger entries writes an intent, and of what it does not. */
public abstract class LedgerStoreContract extends LedgerStoreFixture {

  @Test
  void d1_an_intent_is_written_and_says_what_it_is_for() {
    var request = grant();
    var grant = intended(request);
    assertThat(grant.request()).isEqualTo(request.id());
    assertThat(grant.requester()).isEqualTo(alice.identity());
    assertThat(grant.endsAt()).isEqualTo(request.times().grantEnds());
    assertThat(grant.recordedAt()).isBefore(grant.endsAt());
    var entry = all().getLast();
    assertThat(entry.kind()).isEqualTo("intent");
    assertThat(entry.issuance()).isEqualTo(grant.issuance());
    assertThat(entry.request()).isEqualTo(request.id());
    assertThat(entry.caller()).isEqualTo(alice.id());
    assertThat(entry.role()).isEqualTo("now");
    assertThat(entry.canonical()).contains("192.0.2.1", "policy digest", "at once", "aws");
  }

  @Test
  void c7_the_narrower_end_of_the_policies_in_force_wins() {
    var request = grant();
    var tenMinutes = Duration.ofMinutes(10);
    var warrant = warrant(alice, request, automatic(tenMinutes));
    var recorded = (Recorded.Intended) ledger().intend(warrant, "192.0.2.1");
    assertThat(recorded.grant().endsAt()).isEqualTo(warrant.grant().startsAt().plus(tenMinutes));
  }

  @Test
  void c7_what_the_policies_in_force_have_ended_gets_no_intent() {
    var request = grant();
    age(request.id(), Duration.ofMinutes(11));
    var aged = requests().find(request.id()).orElseThrow();
    var recorded =
        ledger().intend(warrant(alice, aged, automatic(Duration.ofMinutes(10))), "192.0.2.1");
    assertThat(recorded).isEqualTo(new Recorded.Refused(IssueRefusal.GRANT_ENDED));
    assertThat(all().getLast().kind()).isEqualTo("refused");
    assertThat(all().getLast().canonical()).contains("grant_ended");
  }

  @Test
  void a_grant_that_ended_meanwhile_gets_no_intent() {
    var request = grant();
    var judged = warrant(alice, request, automatic(HOUR));
    age(request.id(), HOUR);
    assertThat(ledger().intend(judged, "192.0.2.1"))
        .isEqualTo(new Recorded.Refused(IssueRefusal.GRANT_ENDED));
  }

  @Test
  void a_grant_that_has_not_started_gets_no_intent() {
    var later = now().plusSeconds(600);
    var request = open(new Asking("now", new Wish(HOUR, "later", null), later, null));
    assertThat(intend(request)).isEqualTo(new Recorded.Refused(IssueRefusal.GRANT_NOT_STARTED));
    assertThat(all().getLast().canonical()).contains("grant_not_started");
  }

  @Test
  void p5_no_intent_is_written_on_a_grant_that_was_revoked_meanwhile() {
    for (var to : List.of(State.REVOKED, State.RETURNED)) {
      var request = grant();
      var judged = warrant(alice, request, automatic(HOUR));
      end(request, to);
      assertThat(ledger().intend(judged, "192.0.2.1")).isEqualTo(new Recorded.Changed());
    }
  }

  private AccessRequest approvedByBob() {
    var policies = role("asked").approvedBy(one("leads")).policies();
    var asking = new Asking("asked", new Wish(HOUR, "work", null), null, null);
    var needs =
        (Decision.NeedsApproval) policies.decide(alice, "asked", asking.wish(), at(Instant.EPOCH));
    var wanted = draft.of(alice, needs.allowance(), needs.lines(), asking, null);
    var made = ((Opened.Made) requests().open(wanted)).request();
    requests().remember(bob.identity(), bob.token().issuedAt());
    var voted =
        requests()
            .vote(
                new RequestStore.Vote(
                    made.id(),
                    made.version(),
                    bob.identity(),
                    Verdict.APPROVE,
                    null,
                    null,
                    made.basis().digest(),
                    true,
                    HOUR));
    return ((RequestStore.Voted.Counted) voted).request();
  }

  @Test
  void c10_no_intent_is_written_when_an_approver_stands_otherwise_meanwhile() {
    var policies = role("asked").approvedBy(one("leads")).policies();
    var request = approvedByBob();
    var judged = warrant(alice, request, policies);
    assertThat(ledger().intend(judged, "192.0.2.1")).isInstanceOf(Recorded.Intended.class);
    requests().suspend(bob.id(), true, alice.id(), "left");
    assertThat(ledger().intend(judged, "192.0.2.1")).isEqualTo(new Recorded.Changed());
    requests().suspend(bob.id(), false, alice.id(), "back");
    var again = requests().find(request.id()).orElseThrow();
    assertThat(ledger().intend(warrant(alice, again, policies), "192.0.2.1"))
        .isInstanceOf(Recorded.Intended.class);
    var moved = TestCallers.person("bob").issuedAt(TestCallers.SIGNED_IN.plusSeconds(1)).make();
    requests().remember(moved.identity(), moved.token().issuedAt());
    assertThat(ledger().intend(warrant(alice, again, policies), "192.0.2.1"))
        .isEqualTo(new Recorded.Changed());
  }

  @Test
  void nothing_is_recorded_or_sealed_while_the_broker_is_stopped() {
    var request = grant();
    var grant = intended(request);
    assertThat(store().isStopped()).isFalse();
    assertThat(ledger().setStopped(true, byBob(EntryKind.STOP))).isTrue();
    assertThat(ledger().setStopped(true, byBob(EntryKind.STOP))).isFalse();
    assertThat(store().isStopped()).isTrue();
    assertThat(intend(request)).isEqualTo(new Recorded.Refused(IssueRefusal.STOPPED));
    assertThat(ledger().open(opening(job("jti-stop")), "192.0.2.1"))
        .isEqualTo(new Recorded.Refused(IssueRefusal.STOPPED));
    assertThat(ledger().seal(grant, fingerprint()))
        .isEqualTo(new Seal.Withdrawn(IssueRefusal.STOPPED));
    assertThat(outcomesOf(grant)).containsExactly("unknown");
    assertThat(ledger().setStopped(false, byBob(EntryKind.RESUME))).isTrue();
    assertThat(intend(request)).isInstanceOf(Recorded.Intended.class);
    assertThat(all()).extracting(WrittenEntry::kind).contains("stop", "resume");
  }

  private static Caller job(String jti) {
    return TestCallers.machine("repo:acme/shop", jti).make();
  }

  private io.daypass.request.Opening opening(Caller caller) {
    var wish = new Wish(HOUR, "", null);
    var granted = (Decision.Granted) automatic(HOUR).decide(caller, "now", wish, at(Instant.EPOCH));
    var asking = new Asking("now", wish, null, null);
    return Warrants.opening(
        draft.of(caller, granted.allowance(), List.of(), asking, null), granted);
  }

  @Test
  void a16_a_single_use_token_opens_and_issues_once() {
    var recorded = ledger().open(opening(job("jti-1")), "192.0.2.1");
    assertThat(recorded).isInstanceOf(Recorded.Intended.class);
    var grant = ((Recorded.Intended) recorded).grant();
    var request = requests().find(grant.request()).orElseThrow();
    assertThat(grant.endsAt()).isEqualTo(request.times().grantEnds());
    assertThat(all())
        .extracting(WrittenEntry::kind)
        .endsWith("request_made", "decided_by_rule", "intent");
    assertThat(ledger().open(opening(job("jti-1")), "192.0.2.1"))
        .isEqualTo(new Recorded.Refused(IssueRefusal.TOKEN_ALREADY_USED));
    assertThat(all().getLast().canonical()).contains("token_already_used");
  }

  @Test
  void a_reusable_token_that_lost_the_race_to_open_is_judged_again() {
    var pod = TestCallers.machine("ns:pod", "jti-2").reusable().make();
    assertThat(ledger().open(opening(pod), "192.0.2.1")).isInstanceOf(Recorded.Intended.class);
    assertThat(ledger().open(opening(pod), "192.0.2.1")).isEqualTo(new Recorded.Changed());
  }
}
