package io.daypass.cloud;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.BindingStore.Claimed;
import io.daypass.cloud.BindingStore.Held;
import io.daypass.cloud.BindingStore.Patience;
import io.daypass.cloud.BindingStore.State;
import io.daypass.cloud.WantedBinding.Place;
import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.Ledger.Recorded;
import io.daypass.ledger.LedgerStore;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Policies;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.Asking;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestId;
import io.daypass.request.RequestIds;
import io.daypass.request.RequestStore;
import io.daypass.request.RequestStore.Opened;
import io.daypass.request.Warrants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of bindings does. */
public abstract class BindingStoreContract {

  protected static final int OPEN_LIMIT = 3;
  protected final Caller alice = TestCallers.human("alice", "engineering");
  protected static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration NONE = Duration.ZERO;
  private static final Patience PATIENCE = new Patience(2, HOUR);

  private final RequestDraft draft = new RequestDraft(new RequestIds(), Duration.ofHours(24));
  private final Policies policies = role("now").max(Duration.ofHours(8)).automatic().policies();
  private final Caller bob = TestCallers.human("bob", "engineering");

  protected abstract RequestStore requests();

  protected abstract LedgerStore ledger();

  protected abstract BindingStore store();

  protected abstract List<String> entries();

  protected abstract void age(RequestId id, Duration by);

  protected abstract Instant now();

  protected AccessRequest request(Caller caller, Duration duration, @Nullable RequestId before) {
    var asking = new Asking("now", new Wish(duration, "work", null), null, null);
    var at = new Circumstances(Instant.EPOCH, "192.0.2.1");
    var decision = (Decision.Granted) policies.decide(caller, "now", asking.wish(), at);
    var opened = requests().open(draft.of(caller, decision.allowance(), List.of(), asking, before));
    return ((Opened.Made) opened).request();
  }

  /** An issuance under {@code request}, intended. */
  protected RecordedGrant issuance(AccessRequest made) {
    var request = requests().find(made.id()).orElseThrow();
    var starts = request.times().grantStarts();
    if (starts == null) {
      throw new AssertionError("not approved");
    }
    var caller = request.requester().id().equals(alice.id()) ? alice : bob;
    var answer =
        Warrants.check(
            caller,
            request.grantAt(starts).orElseThrow(),
            policies,
            new Circumstances(starts, "192.0.2.1"));
    var warrant = ((Warrants.Answer.Covered) answer).warrant();
    var recorded = new Ledger(ledger(), UUID::randomUUID).intend(warrant, "192.0.2.1");
    return ((Recorded.Intended) recorded).grant();
  }

  private RecordedGrant grant(Caller caller) {
    return issuance(request(caller, HOUR, null));
  }

  private static Place place(@Nullable String holder, String name) {
    return new Place(holder, Map.of("name", name, "scope", "/subscriptions/1"));
  }

  private static WantedBinding wanted(Place... places) {
    return new WantedBinding("azure", "assignment", List.of(places));
  }

  protected static final WantedBinding PLAIN = wanted(place(null, "one"));
  private static final WantedBinding EXCLUSIVE = wanted(place("client-1", "one"));

  protected Held.Ready ready(RecordedGrant grant, WantedBinding wanted) {
    var held = store().hold(grant, wanted, NONE);
    assertThat(held).isInstanceOf(Held.Ready.class);
    return (Held.Ready) held;
  }

  private Binding made(RecordedGrant grant, WantedBinding wanted, Instant tokensUntil) {
    var binding = ready(grant, wanted).binding();
    assertThat(store().made(binding, grant, tokensUntil, NONE)).isNull();
    return binding;
  }

  protected Binding made(RecordedGrant grant) {
    return made(grant, PLAIN, now().plus(HOUR));
  }

  private void end(RequestId id, AccessRequest.State to) {
    assertThat(requests().end(new RequestStore.End(id, to, alice.id(), "alice", "enough")))
        .isInstanceOf(RequestStore.Ended.Done.class);
  }

  protected void revoke(RecordedGrant grant) {
    end(grant.request(), AccessRequest.State.REVOKED);
  }

  private List<Claimed> claim() {
    return store().claimDue(10, MINUTE, NONE);
  }

  protected Claimed claimOne() {
    var claimed = claim();
    assertThat(claimed).hasSize(1);
    return claimed.getFirst();
  }

  private BindingStore.Standing standing(RecordedGrant grant) {
    assertThat(store().of(grant.request())).hasSize(1);
    return store().of(grant.request()).getFirst();
  }

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
