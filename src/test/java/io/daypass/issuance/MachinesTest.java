package io.daypass.issuance;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.identity.TestCallers;
import io.daypass.ledger.IssueRefusal;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.RefusalCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
}
