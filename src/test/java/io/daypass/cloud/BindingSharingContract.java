package io.daypass.cloud;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.BindingStore.Held;
import io.daypass.ledger.IssueRefusal;
import io.daypass.request.AccessRequest.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which grants share a binding or an identity in every store, and which do not. */
public abstract class BindingSharingContract extends BindingStoreFixture {

  @Test
  void an_extension_shares_the_binding_and_keeps_it_to_its_own_end() {
    var request = request(alice, HOUR, null);
    var grant = issuance(request);
    var binding = made(grant, EXCLUSIVE, now().plus(HOUR));
    var extension = issuance(request(alice, HOUR.multipliedBy(2), request.id()));
    var held = ready(extension, EXCLUSIVE);
    assertThat(held.binding().id()).isEqualTo(binding.id());
    assertThat(held.made()).isTrue();
    age(request.id(), HOUR);
    assertThat(claim()).isEmpty();
    assertThat(store().of(extension.request()).getFirst().endsAt()).isEqualTo(extension.endsAt());
    age(extension.request(), HOUR.multipliedBy(2));
    assertThat(claimOne().binding().id()).isEqualTo(binding.id());
  }

  @Test
  void a_revoked_extension_takes_nothing_from_what_it_extended() {
    var request = request(alice, HOUR, null);
    var grant = issuance(request);
    made(grant);
    var extension = issuance(request(alice, HOUR.multipliedBy(2), request.id()));
    ready(extension, PLAIN);
    revoke(extension);
    assertThat(claim()).isEmpty();
    assertThat(standing(grant).endsAt()).isEqualTo(grant.endsAt());
  }

  /** A lead as the sweeper's: what goes is claimed before its end. */
  private static final Duration LEAD = Duration.ofSeconds(2);

  @Test
  void an_extension_keeps_the_binding_before_anything_is_issued_under_it() {
    var request = request(alice, HOUR, null);
    var binding = made(issuance(request), EXCLUSIVE, now().plus(HOUR));
    var extension = extension(request, HOUR);
    age(request.id(), HOUR);
    age(extension.id(), HOUR);
    assertThat(store().claimDue(10, MINUTE, LEAD)).isEmpty();
    assertThat(store().overdue(NONE)).isZero();
    var held = ready(issuance(extension), EXCLUSIVE);
    assertThat(held.binding().id()).isEqualTo(binding.id());
    assertThat(held.made()).as("nothing has to spread in the cloud").isTrue();
    age(extension.id(), HOUR);
    assertThat(claimOne().binding().id()).isEqualTo(binding.id());
  }

  /** So long what nothing was issued under keeps what was made: the policies never judged it. */
  private static final Duration UNUSED = Duration.ofMinutes(5);

  @Test
  void an_extension_that_nobody_uses_keeps_the_binding_for_five_minutes() {
    var request = request(alice, HOUR, null);
    var grant = issuance(request);
    made(grant);
    extension(extension(request, HOUR), HOUR);
    assertThat(standing(grant).endsAt()).isEqualTo(grant.endsAt().plus(UNUSED));
    assertThat(store().claimDue(10, MINUTE, HOUR)).isEmpty();
    assertThat(store().claimDue(10, MINUTE, HOUR.plus(UNUSED))).hasSize(1);
  }

  @Test
  void a_short_extension_that_nobody_uses_keeps_it_no_longer_than_it_lasts() {
    var request = request(alice, HOUR, null);
    var grant = issuance(request);
    made(grant);
    extension(request, MINUTE);
    assertThat(standing(grant).endsAt()).isEqualTo(grant.endsAt().plus(MINUTE));
  }

  @Test
  void an_extension_that_was_ended_keeps_nothing_beyond_the_first_end() {
    for (var end : List.of(State.REVOKED, State.RETURNED)) {
      var request = request(alice, HOUR, null);
      var grant = issuance(request);
      made(grant);
      var extension = extension(request, HOUR);
      var further = extension(extension, HOUR);
      end(extension.id(), end);
      assertThat(requests().find(further.id()).orElseThrow().state()).isEqualTo(end);
      assertThat(standing(grant).endsAt()).isEqualTo(grant.endsAt());
      age(request.id(), HOUR);
      assertThat(store().removed(claimOne())).isTrue();
    }
  }

  @Test
  void an_extension_that_is_ended_in_its_own_time_takes_the_binding_with_it_at_once() {
    var request = request(alice, HOUR, null);
    made(issuance(request));
    var extension = extension(request, HOUR);
    age(request.id(), HOUR);
    age(extension.id(), HOUR);
    assertThat(claim()).isEmpty();
    end(extension.id(), State.REVOKED);
    assertThat(store().removed(claimOne())).isTrue();
  }

  @Test
  void a_grant_that_was_ended_keeps_nothing_for_what_extended_it() {
    var request = request(alice, HOUR, null);
    made(issuance(request));
    extension(request, HOUR);
    end(request.id(), State.REVOKED);
    assertThat(store().removed(claimOne())).isTrue();
  }

  @Test
  void an_extension_that_begins_after_a_gap_keeps_nothing() {
    var request = request(alice, HOUR, null);
    var grant = issuance(request);
    made(grant);
    var ends = grant.endsAt();
    request(alice, HOUR, request.id(), ends.plusSeconds(1));
    assertThat(standing(grant).endsAt()).isEqualTo(ends);
    age(request.id(), HOUR);
    assertThat(store().removed(claimOne())).isTrue();
  }

  @Test
  void an_extension_that_waits_for_its_approval_keeps_nothing() {
    var request = request(alice, HOUR, null);
    var grant = issuance(request);
    made(grant);
    pending(request, HOUR);
    assertThat(standing(grant).endsAt()).isEqualTo(grant.endsAt());
    age(request.id(), HOUR);
    assertThat(store().removed(claimOne())).isTrue();
  }

  @Test
  void an_identity_is_not_free_before_the_extension_is_over() {
    var request = request(alice, HOUR, null);
    made(issuance(request), EXCLUSIVE, now().plusSeconds(1));
    extension(request, HOUR);
    var busy = store().hold(grant(bob), EXCLUSIVE, NONE);
    var ends = requireNonNull(request.times().grantEnds());
    assertThat(busy).isEqualTo(new Held.Busy(ends.plus(UNUSED)));
  }

  @Test
  void an_identity_serves_one_grant_at_a_time() {
    var first = grant(alice);
    made(first, EXCLUSIVE, now().plus(HOUR.multipliedBy(2)));
    var second = grant(bob);
    var busy = store().hold(second, EXCLUSIVE, NONE);
    assertThat(busy).isInstanceOf(Held.Busy.class);
    assertThat(((Held.Busy) busy).freeAt()).isAfter(first.endsAt());
    assertThat(store().of(second.request())).isEmpty();
  }

  @Test
  void an_identity_serves_no_other_grant_until_the_tokens_of_the_last_are_dead() {
    var first = grant(alice);
    var alive = now().plus(HOUR.multipliedBy(2)).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    made(first, EXCLUSIVE, alive);
    revoke(first);
    assertThat(store().removed(claimOne())).isTrue();
    assertThat(store().hold(grant(bob), EXCLUSIVE, NONE)).isEqualTo(new Held.Busy(alive));
    assertThat(store().hold(grant(alice), EXCLUSIVE, NONE)).isEqualTo(new Held.Busy(alive));
  }

  @Test
  void an_identity_whose_tokens_are_dead_serves_the_next_grant() {
    var first = grant(alice);
    made(first, EXCLUSIVE, now().minusSeconds(1));
    revoke(first);
    assertThat(store().hold(grant(bob), EXCLUSIVE, NONE))
        .as("not before it is gone")
        .isInstanceOf(Held.Busy.class);
    assertThat(store().removed(claimOne())).isTrue();
    made(grant(bob), EXCLUSIVE, now().plus(HOUR));
  }

  @Test
  void an_identity_over_which_nothing_was_handed_out_is_free_when_it_is_gone() {
    var first = grant(alice);
    ready(first, EXCLUSIVE);
    revoke(first);
    assertThat(store().removed(claimOne())).isTrue();
    ready(grant(bob), EXCLUSIVE);
  }

  @Test
  void an_identity_that_served_without_a_binding_gets_none_until_the_tokens_of_then_are_dead() {
    var alive = now().plus(HOUR).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    assertThat(store().servesUnbound("client-1", alive)).isTrue();
    assertThat(store().servesUnbound("client-1", alive.minusSeconds(60))).isTrue();
    assertThat(store().hold(grant(bob), EXCLUSIVE, NONE)).isEqualTo(new Held.Busy(alive));
    var two = wanted(place("client-1", "one"), place("client-2", "two"));
    assertThat(ready(grant(bob), two).binding().at("name")).isEqualTo("two");
  }

  @Test
  void an_identity_that_served_without_a_binding_gets_one_when_the_tokens_of_then_are_dead() {
    assertThat(store().servesUnbound("client-1", now().minusSeconds(1))).isTrue();
    made(grant(bob), EXCLUSIVE, now().plus(HOUR));
  }

  @Test
  void an_identity_serves_nobody_without_a_binding_as_long_as_it_may_have_one() {
    var first = grant(alice);
    ready(first, EXCLUSIVE);
    assertThat(store().servesUnbound("client-1", now().plus(HOUR))).isFalse();
    assertThat(store().servesUnbound("client-2", now().plus(HOUR))).isTrue();
    revoke(first);
    assertThat(store().servesUnbound("client-1", now().plus(HOUR))).isFalse();
    assertThat(store().removed(claimOne())).isTrue();
    ready(grant(bob), EXCLUSIVE);
  }

  @Test
  void of_several_identities_the_first_that_is_free_is_taken() {
    var two = wanted(place("client-1", "one"), place("client-2", "two"));
    assertThat(made(grant(alice), two, now().plus(HOUR)).at("name")).isEqualTo("one");
    assertThat(made(grant(bob), two, now().plus(HOUR)).at("name")).isEqualTo("two");
    assertThat(store().hold(grant(alice), two, NONE)).isInstanceOf(Held.Busy.class);
  }

  @Test
  void a_grant_keeps_its_identity_among_several() {
    var two = wanted(place("client-1", "one"), place("client-2", "two"));
    made(grant(alice), two, now().plus(HOUR));
    var grant = grant(bob);
    made(grant, two, now().plus(HOUR));
    var again = ready(issuance(requests().find(grant.request()).orElseThrow()), two);
    assertThat(again.binding().at("name")).isEqualTo("two");
    assertThat(again.made()).isTrue();
  }

  @Test
  void another_place_in_the_same_slot_replaces_the_one_before() {
    var grant = grant(alice);
    var before = made(grant, PLAIN, now());
    var again = issuance(requests().find(grant.request()).orElseThrow());
    var held = ready(again, wanted(place(null, "other")));
    assertThat(held.binding().id()).isNotEqualTo(before.id());
    assertThat(claimOne().binding()).isEqualTo(before);
    assertThat(store().made(before, grant, now(), NONE)).isEqualTo(IssueRefusal.CLOSED);
  }

  @Test
  void bindings_in_different_slots_stand_beside_each_other() {
    var grant = grant(alice);
    made(grant);
    made(grant, WantedBinding.at("azure", "second", place(null, "one")), now());
    assertThat(store().of(grant.request())).hasSize(2);
    assertThat(claim()).isEmpty();
  }
}
