package io.daypass.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.BindingStore.Held;
import io.daypass.cloud.BindingStore.State;
import io.daypass.ledger.IssueRefusal;
import io.daypass.request.AccessRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How every store of bindings writes them down, says when they are due, and lets them go. */
public abstract class BindingStoreContract extends BindingStoreFixture {

  @Test
  void a_binding_is_written_down_before_anybody_makes_it() {
    var grant = grant(alice);
    var held = ready(grant, PLAIN);
    assertThat(held.made()).isFalse();
    assertThat(held.binding().request()).isEqualTo(grant.request());
    assertThat(held.binding().role()).isEqualTo("now");
    assertThat(held.binding().place()).containsEntry("name", "one");
    assertThat(standing(grant).state()).isEqualTo(State.RECORDED);
    assertThat(standing(grant).endsAt()).isEqualTo(grant.endsAt());
    assertThat(entries()).contains("binding_intended").doesNotContain("binding_made");
  }

  @Test
  void a_live_binding_is_nobody_s_to_remove() {
    var grant = grant(alice);
    made(grant);
    assertThat(claim()).isEmpty();
    assertThat(standing(grant).state()).isEqualTo(State.MADE);
    assertThat(entries()).contains("binding_made");
  }

  @Test
  void a_second_issuance_under_a_grant_finds_what_the_first_made() {
    var first = grant(alice);
    var binding = made(first);
    var again = ready(issuance(requests().find(first.request()).orElseThrow()), PLAIN);
    assertThat(again.binding()).isEqualTo(binding);
    assertThat(again.made()).isTrue();
  }

  @Test
  void a_second_issuance_makes_what_the_first_may_not_have_made() {
    var first = grant(alice);
    var binding = ready(first, PLAIN).binding();
    var again = ready(issuance(requests().find(first.request()).orElseThrow()), PLAIN);
    assertThat(again.binding()).isEqualTo(binding);
    assertThat(again.made()).isFalse();
  }

  @Test
  void each_grant_has_a_binding_of_its_own() {
    var one = made(grant(alice));
    var other = made(grant(bob));
    assertThat(one.id()).isNotEqualTo(other.id());
  }

  @Test
  void it_is_due_at_the_end_of_its_grant_and_a_moment_before() {
    var grant = grant(alice);
    var binding = made(grant);
    age(grant.request(), HOUR.minusSeconds(60));
    assertThat(claim()).isEmpty();
    var claimed = store().claimDue(10, MINUTE, Duration.ofSeconds(90));
    assertThat(claimed).hasSize(1);
    assertThat(claimed.getFirst().binding()).isEqualTo(binding);
    assertThat(claimed.getFirst().tries()).isEqualTo(1);
  }

  @Test
  void it_is_due_at_once_when_its_grant_is_revoked_or_returned() {
    for (var end : List.of(AccessRequest.State.REVOKED, AccessRequest.State.RETURNED)) {
      var grant = grant(alice);
      var binding = made(grant);
      end(grant.request(), end);
      assertThat(claimOne().binding()).isEqualTo(binding);
    }
  }

  @Test
  void also_what_was_never_known_to_be_made_is_removed() {
    var grant = grant(alice);
    ready(grant, PLAIN);
    revoke(grant);
    assertThat(store().removed(claimOne())).isTrue();
    assertThat(standing(grant).state()).isEqualTo(State.REMOVED);
  }

  @Test
  void a_grant_that_is_over_gets_no_binding() {
    var revoked = grant(alice);
    revoke(revoked);
    assertThat(store().hold(revoked, PLAIN, NONE))
        .isEqualTo(new Held.Over(IssueRefusal.GRANT_REVOKED));
    var returned = grant(alice);
    end(returned.request(), AccessRequest.State.RETURNED);
    assertThat(store().hold(returned, PLAIN, NONE))
        .isEqualTo(new Held.Over(IssueRefusal.GRANT_RETURNED));
    var ended = grant(alice);
    age(ended.request(), HOUR);
    assertThat(store().hold(ended, PLAIN, NONE)).isEqualTo(new Held.Over(IssueRefusal.GRANT_ENDED));
    assertThat(entries()).doesNotContain("binding_intended");
  }

  @Test
  void nothing_is_handed_out_over_a_binding_whose_grant_was_ended_meanwhile() {
    var grant = grant(alice);
    var binding = ready(grant, PLAIN).binding();
    revoke(grant);
    assertThat(store().made(binding, grant, now().plus(HOUR), NONE))
        .isEqualTo(IssueRefusal.GRANT_REVOKED);
    assertThat(claimOne().binding()).isEqualTo(binding);
  }

  @Test
  void nothing_is_handed_out_over_a_binding_that_is_being_removed() {
    var grant = grant(alice);
    var binding = made(grant);
    store().claimDue(10, MINUTE, HOUR);
    assertThat(store().made(binding, grant, now().plus(HOUR), NONE)).isEqualTo(IssueRefusal.CLOSED);
  }

  @Test
  void what_is_removed_stays_so_and_is_written_down() {
    var grant = grant(alice);
    made(grant);
    revoke(grant);
    assertThat(store().removed(claimOne())).isTrue();
    assertThat(claim()).isEmpty();
    assertThat(standing(grant).state()).isEqualTo(State.REMOVED);
    assertThat(standing(grant).removedAt()).isNotNull();
    assertThat(entries()).contains("binding_removed");
  }

  @Test
  void what_is_looked_after_is_known_and_what_is_gone_for_a_while_is_not() {
    var grant = grant(alice);
    var binding = made(grant);
    var other = ready(grant(bob), PLAIN).binding();
    var stranger = UUID.randomUUID();
    assertThat(store().known(Set.of(binding.id(), other.id(), stranger), NONE))
        .containsExactlyInAnyOrder(binding.id(), other.id());
    assertThat(store().known(Set.of(other.id()), NONE)).containsExactly(other.id());
    assertThat(store().known(Set.of(), HOUR)).isEmpty();
    revoke(grant);
    var removing = claimOne();
    assertThat(store().known(Set.of(binding.id()), NONE)).containsExactly(binding.id());
    assertThat(store().removed(removing)).isTrue();
    assertThat(store().known(Set.of(binding.id()), NONE)).isEmpty();
    assertThat(store().known(Set.of(binding.id()), HOUR)).containsExactly(binding.id());
  }

  @Test
  void as_many_are_taken_on_as_asked_for() {
    for (var i = 0; i < 3; i++) {
      var grant = grant(alice);
      made(grant);
      revoke(grant);
    }
    assertThat(store().claimDue(2, MINUTE, NONE)).hasSize(2);
    assertThat(store().claimDue(2, MINUTE, NONE)).hasSize(1);
  }
}
