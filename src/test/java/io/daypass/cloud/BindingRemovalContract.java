package io.daypass.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.BindingStore.Held;
import io.daypass.cloud.BindingStore.Patience;
import io.daypass.cloud.BindingStore.State;
import org.junit.jupiter.api.Test;

/** How every store of bindings sees to it that a removal is the last. */
public abstract class BindingRemovalContract extends BindingStoreFixture {

  private static final Patience PATIENCE = new Patience(2, HOUR);

  @Test
  void what_somebody_removes_is_nobody_else_s_to_remove_until_their_lease_is_over() {
    var grant = grant(alice);
    made(grant);
    revoke(grant);
    claimOne();
    assertThat(claim()).isEmpty();
    var other = grant(bob);
    made(other);
    revoke(other);
    var lapsed = store().claimDue(10, NONE, NONE).getFirst();
    var taken = claimOne();
    assertThat(taken.binding()).isEqualTo(lapsed.binding());
    assertThat(store().removed(lapsed)).as("its lease is over").isFalse();
    assertThat(store().kept(lapsed, "cloud_failed", NONE, PATIENCE)).isFalse();
    assertThat(store().removed(taken)).isTrue();
  }

  @Test
  void a_removal_while_somebody_may_still_be_making_it_is_not_the_last() {
    var grant = grant(alice);
    var binding = ((Held.Ready) store().hold(grant, PLAIN, MINUTE)).binding();
    revoke(grant);
    assertThat(store().removed(claimOne())).isFalse();
    assertThat(standing(grant).state()).isEqualTo(State.RECORDED);
    assertThat(claim()).as("until the attempt is over").isEmpty();
    assertThat(store().made(binding, grant, now().plus(HOUR), NONE)).isNotNull();
    assertThat(store().removed(claimOne())).isTrue();
  }

  @Test
  void a_removal_that_a_making_overtook_is_not_the_last() {
    var grant = grant(alice);
    var binding = ((Held.Ready) store().hold(grant, PLAIN, MINUTE)).binding();
    revoke(grant);
    var removing = claimOne();
    assertThat(store().made(binding, grant, now().plus(HOUR), NONE)).isNotNull();
    assertThat(store().removed(removing)).isFalse();
    assertThat(store().removed(claimOne())).isTrue();
  }

  @Test
  void the_second_of_two_who_made_it_counts_as_well() {
    var first = grant(alice);
    var second = issuance(requests().find(first.request()).orElseThrow());
    var binding = ready(first, PLAIN).binding();
    store().hold(second, PLAIN, MINUTE);
    assertThat(store().made(binding, first, now().plus(HOUR), NONE)).isNull();
    revoke(first);
    var removing = claimOne();
    assertThat(store().made(binding, second, now().plus(HOUR), NONE)).isNotNull();
    assertThat(store().removed(removing)).isFalse();
    assertThat(store().removed(claimOne())).isTrue();
  }

  @Test
  void while_the_cloud_settles_a_removal_is_not_the_last() {
    var grant = grant(alice);
    var binding = ready(grant, PLAIN).binding();
    assertThat(store().made(binding, grant, now().plus(HOUR), MINUTE)).isNull();
    revoke(grant);
    assertThat(store().removed(claimOne())).isFalse();
  }

  @Test
  void an_attempt_that_made_nothing_delays_no_removal() {
    var grant = grant(alice);
    var binding = ((Held.Ready) store().hold(grant, PLAIN, MINUTE)).binding();
    store().notMade(binding, grant);
    revoke(grant);
    assertThat(store().removed(claimOne())).isTrue();
  }

  @Test
  void who_made_it_after_it_was_thought_gone_has_it_removed_again() {
    var grant = grant(alice);
    var binding = ready(grant, PLAIN).binding();
    revoke(grant);
    assertThat(store().removed(claimOne())).isTrue();
    assertThat(store().made(binding, grant, now().plus(HOUR), NONE)).isNotNull();
    assertThat(standing(grant).state()).isEqualTo(State.MADE);
    assertThat(claimOne().binding()).isEqualTo(binding);
  }

  @Test
  void what_cannot_be_removed_comes_again_and_raises_the_alarm_once() {
    var grant = grant(alice);
    made(grant);
    revoke(grant);
    assertThat(store().kept(claimOne(), "cloud_failed", NONE, PATIENCE)).isFalse();
    var second = claimOne();
    assertThat(second.tries()).isEqualTo(2);
    assertThat(store().kept(second, "cloud_failed", NONE, PATIENCE)).isTrue();
    assertThat(standing(grant).stuck()).isTrue();
    assertThat(entries()).containsOnlyOnce("binding_stuck");
    assertThat(store().kept(claimOne(), "cloud_failed", MINUTE, PATIENCE)).isFalse();
    assertThat(claim()).as("not before its pause is over").isEmpty();
    assertThat(entries()).containsOnlyOnce("binding_stuck");
  }

  @Test
  void what_is_late_raises_the_alarm_at_the_first_try() {
    var grant = grant(alice);
    made(grant);
    age(grant.request(), HOUR.multipliedBy(3));
    assertThat(store().overdue(HOUR)).isEqualTo(1);
    assertThat(store().kept(claimOne(), "cloud_failed", NONE, new Patience(9, HOUR))).isTrue();
    assertThat(store().removed(claimOne())).isTrue();
    assertThat(store().overdue(HOUR)).isZero();
    assertThat(standing(grant).stuck()).isFalse();
  }
}
