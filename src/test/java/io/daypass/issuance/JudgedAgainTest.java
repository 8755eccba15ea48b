package io.daypass.issuance;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.TestCallers;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.IssueRefusal;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.Asking;
import io.daypass.request.Roles;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** At every issuance policies, grant, revocation and approvers count as they are then. */
class JudgedAgainTest extends IssuanceWorld {

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
    var request = made(alice, "now");
    policies.set(role("now").max(Duration.ofMinutes(5)).automatic().policies());
    var issued = (Answer.Issued) issue(alice, "now");
    var starts = request.times().grantStarts();
    assertThat(Duration.between(starts, issued.credential().expiresAt()))
        .isEqualTo(Duration.ofMinutes(5));
    clock.advance(Duration.ofMinutes(6));
    refused(issue(alice, "now"), IssueRefusal.GRANT_ENDED);
    assertThat(minted).isEqualTo(1);
  }

  @Test
  void who_asks_for_less_is_told_when_the_grant_ends() {
    var request = made(alice, "now");
    var less = new Errand("now", Duration.ofMinutes(7), "", null);
    var issued = (Answer.Issued) issuance().issue(alice, less, now());
    var asked = now().now().plus(Duration.ofMinutes(7)).truncatedTo(ChronoUnit.SECONDS);
    assertThat(issued.credential().expiresAt()).isEqualTo(asked);
    assertThat(issued.endsAt()).isEqualTo(request.times().grantEnds());
  }

  @Test
  void c4_what_people_approved_ends_with_whatever_changes_what_the_role_means() {
    approved();
    for (var limit : List.of(Duration.ofMinutes(5), Duration.ofHours(9))) {
      policies.set(role("asked").max(limit).approvedBy(one("leads")).policies());
      refused(issue(alice, "asked"), IssueRefusal.APPROVAL_LOST);
    }
    nothingWasMinted();
    policies.set(role("asked").approvedBy(one("leads")).policies());
    assertThat(issue(alice, "asked")).as("the same again").isInstanceOf(Answer.Issued.class);
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
  void a_grant_that_no_longer_counts_does_not_stand_before_one_that_was_approved_since() {
    approved();
    policies.set(role("asked").max(Duration.ofMinutes(30)).approvedBy(one("leads")).policies());
    refused(issue(alice, "asked"), IssueRefusal.APPROVAL_LOST);
    var since = approved(Duration.ofMinutes(30), bob);
    assertThat(issue(alice, "asked")).isInstanceOf(Answer.Issued.class);
    assertThat(entries.entries().getLast().request()).isEqualTo(since.id());
  }

  @Test
  void a_suspended_approver_takes_nothing_from_what_another_approved() {
    var carol = TestCallers.human("carol", "leads");
    approved(Duration.ofHours(2), bob);
    var others = approved(HOUR, carol);
    store.suspend(bob.id(), true, alice.id(), "left");
    assertThat(issue(alice, "asked")).isInstanceOf(Answer.Issued.class);
    assertThat(entries.entries().getLast().request()).isEqualTo(others.id());
    store.suspend(carol.id(), true, alice.id(), "left");
    refused(issue(alice, "asked"), IssueRefusal.APPROVAL_LOST);
    assertThat(minted).isEqualTo(1);
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
  void what_is_refused_under_a_request_is_written_under_it() {
    var revoked = approved();
    end(revoked, State.REVOKED);
    refused(issue(alice, "asked"), IssueRefusal.GRANT_REVOKED);
    assertThat(entries.entries().getLast().request()).isEqualTo(revoked.id());
    var lost = approved();
    policies.set(role("asked").approvedBy(one("leads"), one("security")).policies());
    refused(issue(alice, "asked"), IssueRefusal.APPROVAL_LOST);
    assertThat(entries.entries().getLast().request()).isEqualTo(lost.id());
    policies.set(role("asked").rule("freeze", Roles.always(), FREEZE).policies());
    assertThat(issue(alice, "asked")).isInstanceOf(Answer.Denied.class);
    assertThat(entries.entries().getLast().request()).isEqualTo(lost.id());
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
  void a_grant_that_starts_later_gives_nothing_yet() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    var later = clock.instant().plusSeconds(600);
    desk.make(pod, new Asking("now", new Wish(HOUR, "x", null), later, null), now());
    refused(issue(pod, "now"), IssueRefusal.GRANT_NOT_STARTED);
    nothingWasMinted();
  }
}
