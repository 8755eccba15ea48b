package io.daypass.issuance;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.TestCallers;
import io.daypass.ledger.IssueRefusal;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.Roles;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who waits for a turn at the cloud, or gets none. */
class TurnsTest extends IssuanceWorld {

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
  void what_moved_while_it_was_recorded_is_judged_again_in_the_same_turn() {
    approved();
    var moved = TestCallers.person("bob").groups("leads", "more");
    var later = moved.issuedAt(TestCallers.SIGNED_IN.plusSeconds(1)).make();
    whileWaiting = () -> store.remember(later.identity(), later.token().issuedAt());
    assertThat(issue(alice, "asked")).isInstanceOf(Answer.Issued.class);
    assertThat(turnsTaken).isEqualTo(1);
    assertThat(turns).isZero();
  }
}
