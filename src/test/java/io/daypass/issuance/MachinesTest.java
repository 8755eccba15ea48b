package io.daypass.issuance;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.identity.TestCallers;
import io.daypass.ledger.IssueRefusal;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.RefusalCode;
import io.daypass.request.Roles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a machine opens with its token, and comes back to. */
class MachinesTest extends IssuanceWorld {

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
  void a_token_that_is_good_once_is_spent_on_an_intent_whatever_comes_of_it() {
    mint =
        _ -> {
          throw new MintException(Reason.CLOUD_THROTTLED);
        };
    assertThat(issue(TestCallers.machine("job", "jti-1").make(), "now"))
        .isInstanceOfSatisfying(
            Answer.Spent.class,
            spent -> assertThat(spent.why()).isInstanceOf(Answer.CloudFailed.class));
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    assertThat(issue(pod, "now")).isInstanceOf(Answer.CloudFailed.class);
    mint =
        grant -> {
          end(store.find(grant.request()).orElseThrow(), State.REVOKED);
          return session(grant);
        };
    assertThat(issue(TestCallers.machine("job", "jti-2").make(), "now"))
        .isEqualTo(new Answer.Spent(new Answer.Refused(IssueRefusal.GRANT_REVOKED)));
    mint = IssuanceWorld::session;
    entries.breakAt("sealed");
    assertThat(issue(TestCallers.machine("job", "jti-3").make(), "now"))
        .isEqualTo(new Answer.Spent(new Answer.LedgerUnavailable()));
    assertThat(issue(pod, "now")).isEqualTo(new Answer.LedgerUnavailable());
  }

  @Test
  void a_token_is_not_called_spent_where_nothing_was_intended() {
    var job = TestCallers.machine("job", "jti").make();
    entries.breakAt("intent");
    assertThat(issue(job, "now")).isEqualTo(new Answer.LedgerUnavailable());
    entries.breakAt();
    assertThat(issue(job, "now")).isInstanceOf(Answer.Issued.class);
  }

  @Test
  void a_role_that_does_not_fit_the_door_is_refused_in_the_ledger_and_spends_no_token() {
    var job = TestCallers.machine("job", "jti").make();
    var elsewhere = new Terms(_ -> false, () -> true);
    refused(
        issuance().issue(job, Errand.to("now"), now(), elsewhere), IssueRefusal.NOT_AT_THIS_DOOR);
    assertThat(entries.kinds()).containsExactly("refused");
    assertThat(issue(job, "now")).isInstanceOf(Answer.Issued.class);
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
      assertThat(entries.entries().getLast().request()).isNull();
    }
    assertThat(minted).isEqualTo(1);
  }

  @Test
  void a_stranger_that_is_one_too_many_is_told_so_and_leaves_no_entry() {
    strangers = (_, _) -> Optional.of(Duration.ofSeconds(7));
    var job = TestCallers.machine("repo:mallory/shop", "jti").make();
    assertThat(issue(job, "no-such-role"))
        .isEqualTo(new Answer.TooManyStrangers(Duration.ofSeconds(7)));
    assertThat(entries.entries()).isEmpty();
  }

  @Test
  void whom_a_rule_denies_is_a_stranger_where_no_rule_would_let_them_in() {
    strangers = (_, _) -> Optional.of(Duration.ofSeconds(7));
    var job = TestCallers.machine("repo:mallory/shop", "jti").make();
    assertThat(issue(job, "closed")).isEqualTo(new Answer.TooManyStrangers(Duration.ofSeconds(7)));
    assertThat(issue(job, "frozen")).isInstanceOf(Answer.Denied.class);
    assertThat(issue(alice, "closed")).isInstanceOf(Answer.Denied.class);
    assertThat(entries.kinds()).containsExactly("refused", "refused");
  }

  @Test
  void who_is_known_to_a_rule_and_who_is_a_person_are_never_one_too_many() {
    strangers =
        (_, _) -> {
          throw new AssertionError("asked for somebody known");
        };
    for (var role : List.of("frozen", "reasoned")) {
      assertThat(issue(TestCallers.machine("job", role).make(), role))
          .isInstanceOf(Answer.Denied.class);
    }
    assertThat(issue(alice, "no-such-role")).isInstanceOf(Answer.Denied.class);
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    assertThat(issue(pod, "now")).isInstanceOf(Answer.Issued.class);
    // What a rule gave and the policies of now do not know any more.
    policies.set(role("another").automatic().policies());
    assertThat(issue(pod, "now")).isInstanceOf(Answer.Denied.class);
    assertThat(entries.kinds()).endsWith("sealed", "refused");
  }

  @Test
  void what_people_ended_a_reusable_token_does_not_open_again() {
    var why =
        Map.of(
            State.CANCELLED, IssueRefusal.REQUEST_CANCELLED,
            State.REVOKED, IssueRefusal.GRANT_REVOKED);
    why.forEach((to, refusal) -> {
      var pod = TestCallers.machine("pod", "jti " + to).reusable().make();
      var request = ((Answer.Pending) issue(pod, "asked")).request();
      end(request, to);
      refused(issue(pod, "asked"), refusal);
      assertThat(entries.entries().getLast().request()).isEqualTo(request.id());
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
  void a_reusable_token_goes_on_before_its_grant_ends_for_sdks_ask_that_early() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    var first = (Answer.Issued) issue(pod, "now");
    clock.advance(Duration.ofMinutes(8 * 60 - 17));
    assertThat(((Answer.Issued) issue(pod, "now")).request()).isEqualTo(first.request());
    clock.advance(Duration.ofMinutes(1));
    var second = (Answer.Issued) issue(pod, "now");
    assertThat(second.request()).isNotEqualTo(first.request());
    var continued = store.find(second.request()).orElseThrow();
    assertThat(continued.extendsRequest()).isEqualTo(first.request());
    assertThat(((Answer.Issued) issue(pod, "now")).request()).isEqualTo(second.request());
  }

  @Test
  void for_what_is_over_before_the_grant_is_it_does_not_go_on() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    var first = (Answer.Issued) issue(pod, "now");
    clock.advance(Duration.ofMinutes(8 * 60 - 12));
    var brief = new Errand("now", Duration.ofMinutes(10), "", null);
    assertThat(((Answer.Issued) issuance().issue(pod, brief, now())).request())
        .isEqualTo(first.request());
    var longer = new Errand("now", Duration.ofMinutes(15), "", null);
    assertThat(((Answer.Issued) issuance().issue(pod, longer, now())).request())
        .isNotEqualTo(first.request());
  }

  @Test
  void what_people_approved_does_not_go_on_by_itself() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    var pending = (Answer.Pending) issue(pod, "asked");
    approvals.approve(bob, pending.request().id(), null, null, now());
    clock.advance(Duration.ofMinutes(8 * 60 - 5));
    assertThat(((Answer.Issued) issue(pod, "asked")).request()).isEqualTo(pending.request().id());
    clock.advance(Duration.ofMinutes(6));
    assertThat(issue(pod, "asked")).isInstanceOf(Answer.Pending.class);
  }

  @Test
  void where_the_rule_gives_nothing_at_once_any_more_nothing_goes_on() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    issue(pod, "now");
    clock.advance(Duration.ofMinutes(8 * 60 - 5));
    policies.set(Roles.policies(role("now").approvedBy(one("leads")).make()));
    refused(issue(pod, "now"), IssueRefusal.APPROVAL_LOST);
    assertThat(minted).isEqualTo(1);
  }

  @Test
  void p5_what_was_revoked_does_not_go_on() {
    var pod = TestCallers.machine("pod", "jti").reusable().make();
    var first = (Answer.Issued) issue(pod, "now");
    clock.advance(Duration.ofMinutes(8 * 60 - 5));
    var second = (Answer.Issued) issue(pod, "now");
    end(store.find(second.request()).orElseThrow(), State.REVOKED);
    refused(issue(pod, "now"), IssueRefusal.GRANT_REVOKED);
    assertThat(store.find(first.request()).orElseThrow().state()).isEqualTo(State.REVOKED);
  }
}
