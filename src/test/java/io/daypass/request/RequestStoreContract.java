package io.daypass.request;

import static java.time.temporal.ChronoUnit.SECONDS;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.RequestStore.Opened;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How every store of requests takes them and finds them again. */
public abstract class RequestStoreContract extends RequestStoreFixture {

  @Test
  void a_request_is_read_as_it_was_made() {
    var caller =
        TestCallers.person("alice")
            .email("alice@example.com")
            .linkedTo("person-1")
            .groups("engineering", "on-call")
            .claims(Map.of("level", 3L, "nested", Map.of("a", List.of("b", 1L, true))))
            .make();
    var draft = draft(caller, "asked", "because \"it\" is – needed");
    var made = made(store().open(draft));
    assertThat(made.id()).isEqualTo(draft.id());
    assertThat(made.requester()).isEqualTo(caller.identity());
    assertThat(made.wish()).isEqualTo(draft.wish());
    assertThat(made.basis()).isEqualTo(draft.basis());
    assertThat(made.state()).isEqualTo(State.PENDING);
    assertThat(made.version()).isEqualTo(1);
    assertThat(made.times().grantStarts()).isNull();
    assertThat(made.times().lapsesAt()).isEqualTo(made.times().madeAt().plus(LAPSE));
    assertThat(store().find(made.id())).contains(made);
  }

  @Test
  void a_request_that_nobody_made_is_not_found() {
    assertThat(store().find(RequestIds.of(99_999))).isEmpty();
  }

  @Test
  void an_automatic_request_is_a_grant_of_whole_seconds() {
    var times = make(alice, "now", "at once").times();
    var starts = requireNonNull(times.grantStarts());
    assertThat(starts).isBeforeOrEqualTo(times.madeAt()).isEqualTo(starts.truncatedTo(SECONDS));
    assertThat(times.grantEnds()).isEqualTo(starts.plus(HOUR));
  }

  @Test
  void a_grant_starts_no_earlier_than_wished_and_on_a_whole_second() {
    var later = now().plusSeconds(7_200).with(java.time.temporal.ChronoField.NANO_OF_SECOND, 5_000);
    var asking = new Asking("now", new Wish(HOUR, "later", null), later, null);
    var times = made(store().open(draft(alice, asking, null))).times();
    assertThat(times.grantStarts()).isEqualTo(later.minusNanos(5_000));
    assertThat(times.grantEnds()).isEqualTo(later.minusNanos(5_000).plus(HOUR));
  }

  @Test
  void c12_the_same_wish_still_pending_is_one_request() {
    var first = make(alice, "asked", "same");
    assertThat(store().open(draft(alice, "asked", "same"))).isEqualTo(new Opened.Existing(first));
    make(alice, "asked", "another");
  }

  @Test
  void c12_nobody_keeps_more_than_the_limit_waiting() {
    for (var i = 0; i < OPEN_LIMIT; i++) {
      make(alice, "asked", "number " + i);
    }
    assertThat(store().open(draft(alice, "asked", "one more"))).isEqualTo(new Opened.TooManyOpen());
    make(bob, "asked", "of somebody else");
    make(alice, "now", "needs nobody");
  }

  @Test
  void c12_the_jobs_of_one_environment_wait_as_one_requester_with_a_limit_of_their_own() {
    var limit = OPEN_LIMITS.perWorkload();
    assertThat(limit).isGreaterThan(OPEN_LIMITS.perPerson());
    for (var i = 0; i < limit; i++) {
      make(TestCallers.machine("repo:acme/shop", "job-" + i).make(), "asked", "matrix");
    }
    var more = TestCallers.machine("repo:acme/shop", "one more").make();
    assertThat(store().open(draft(more, "asked", "matrix"))).isEqualTo(new Opened.TooManyOpen());
    make(TestCallers.machine("repo:acme/other", "jti").make(), "asked", "of another");
  }

  @Test
  void c12_what_lapsed_counts_for_no_limit_and_no_merging() {
    for (var i = 0; i < OPEN_LIMIT; i++) {
      age(make(alice, "asked", "number " + i).id(), LAPSE);
    }
    make(alice, "asked", "number 0");
  }

  @Test
  void the_same_call_made_twice_is_one_request() {
    var wish = new Wish(HOUR, "same", null);
    var asking = new Asking("now", wish, null, "key-1");
    var first = made(store().open(draft(alice, asking, null)));
    assertThat(store().open(draft(alice, asking, null))).isEqualTo(new Opened.Existing(first));
    var other = new Asking("now", new Wish(HOUR, "other", null), null, "key-1");
    assertThat(store().open(draft(alice, other, null))).isEqualTo(new Opened.KeyReused());
    made(store().open(draft(bob, asking, null)));
  }

  @Test
  void a16_a_single_use_token_opens_one_request_ever() {
    var job = TestCallers.machine("repo:acme/shop", "jti-1").make();
    make(job, "now", "first");
    assertThat(store().open(draft(job, "now", "first"))).isEqualTo(new Opened.TokenAlreadyUsed());
    assertThat(store().open(draft(job, "also-now", "x"))).isEqualTo(new Opened.TokenAlreadyUsed());
    make(TestCallers.machine("repo:acme/shop", "jti-2").make(), "now", "first");
  }

  @Test
  void a_reusable_token_opens_one_request_for_each_role() {
    var pod = TestCallers.machine("ns:pod", "jti-3").reusable().make();
    var first = make(pod, "now", "first");
    assertThat(store().open(draft(pod, "now", "again"))).isEqualTo(new Opened.Existing(first));
    assertThat(store().openedBy("jti-3", "now")).contains(first);
    assertThat(store().openedBy("jti-3", "also-now")).isEmpty();
    make(pod, "also-now", "other role");
  }

  @Test
  void a_reusable_token_opens_again_what_time_ended() {
    var pod = TestCallers.machine("ns:pod", "jti-4").reusable().make();
    age(make(pod, "now", "first").id(), HOUR);
    var second = make(pod, "now", "second");
    assertThat(store().openedBy("jti-4", "now")).contains(second);
  }

  private NewRequest continuation(Caller machine, AccessRequest request, String role) {
    var asking = new Asking(role, new Wish(HOUR, "again", null), null, null);
    return draft(machine, asking, request.id());
  }

  @Test
  void a_reusable_token_continues_what_is_about_to_end() {
    var pod = TestCallers.machine("ns:pod", "jti-6").reusable().make();
    var first = make(pod, "now", "first");
    var tooEarly = store().open(continuation(pod, first, "now"));
    assertThat(((Opened.Existing) tooEarly).request().id()).isEqualTo(first.id());
    age(first.id(), Duration.ofMinutes(45));
    var second = made(store().open(continuation(pod, first, "now")));
    assertThat(second.extendsRequest()).isEqualTo(first.id());
    assertThat(store().openedBy(pod.token().replayKey(), "now").orElseThrow().id())
        .isEqualTo(second.id());
    // Whoever was a moment later finds that one.
    var late = store().open(continuation(pod, first, "now"));
    assertThat(((Opened.Existing) late).request().id()).isEqualTo(second.id());
  }

  @Test
  void an_extension_that_a_machine_asks_for_leaves_it_what_it_has() {
    var pod = TestCallers.machine("ns:pod", "jti-9").reusable().make();
    var first = make(pod, "now", "first");
    age(first.id(), Duration.ofMinutes(45));
    first = store().find(first.id()).orElseThrow();
    var later = new Asking("now", new Wish(HOUR, "more", null), first.times().grantEnds(), null);
    var more = store().open(draft(pod, later, first.id()));
    assertThat(((Opened.Existing) more).request().id()).isEqualTo(first.id());
    assertThat(store().openedBy("jti-9", "now").orElseThrow().id()).isEqualTo(first.id());
  }

  @Test
  void p5_what_does_not_open_leaves_the_token_to_what_people_may_end() {
    var pod = TestCallers.machine("ns:pod", "jti-10").reusable().make();
    var asked = new Asking("now", new Wish(HOUR, "first", null), null, "key");
    var first = made(store().open(draft(pod, asked, null)));
    age(first.id(), Duration.ofMinutes(45));
    var other = new Asking("now", new Wish(HOUR, "second", null), null, "key");
    assertThat(store().open(draft(pod, other, first.id()))).isEqualTo(new Opened.KeyReused());
    ended(first, State.REVOKED);
    assertThat(store().open(draft(pod, "now", "second")))
        .isInstanceOfSatisfying(
            Opened.Existing.class, e -> assertThat(e.request().state()).isEqualTo(State.REVOKED));
  }

  @Test
  void what_is_about_to_end_is_continued_by_its_token_for_its_role_only() {
    var pod = TestCallers.machine("ns:pod", "jti-7").reusable().make();
    var first = make(pod, "now", "first");
    age(first.id(), Duration.ofMinutes(45));
    var other = TestCallers.machine("ns:other", "jti-7").reusable().make();
    assertThat(store().open(continuation(other, first, "now"))).isInstanceOf(Opened.Existing.class);
    made(store().open(continuation(pod, first, "also-now")));
    assertThat(store().openedBy(pod.token().replayKey(), "now").orElseThrow().id())
        .isEqualTo(first.id());
    // What people have to approve waits beside it, as ever.
    var waiting = store().open(continuation(pod, first, "asked"));
    assertThat(made(waiting).state()).isEqualTo(State.PENDING);
  }

  @Test
  void p5_what_continues_a_machines_grant_and_that_grant_are_ended_together() {
    for (var to : List.of(State.RETURNED, State.REVOKED)) {
      for (var which = 0; which < 2; which++) {
        var pod = TestCallers.machine("ns:pod", "jti " + to + which).reusable().make();
        var first = make(pod, "now", "first");
        age(first.id(), Duration.ofMinutes(45));
        var second = made(store().open(continuation(pod, first, "now")));
        ended(which == 0 ? first : second, to);
        for (var one : List.of(first, second)) {
          assertThat(store().find(one.id()).orElseThrow().state()).isEqualTo(to);
        }
        var again = store().open(continuation(pod, second, "now"));
        assertThat(again).isEqualTo(new Opened.NothingToExtend());
      }
    }
  }

  @Test
  void what_continues_a_machines_grant_that_is_over_is_ended_alone() {
    var pod = TestCallers.machine("ns:pod", "jti-8").reusable().make();
    var first = make(pod, "now", "first");
    age(first.id(), Duration.ofMinutes(45));
    var second = made(store().open(continuation(pod, first, "now")));
    age(first.id(), Duration.ofMinutes(15));
    ended(second, State.REVOKED);
    assertThat(store().find(first.id()).orElseThrow().state()).isEqualTo(State.APPROVED);
  }

  @Test
  void a_reusable_token_never_opens_again_what_people_ended() {
    var pod = TestCallers.machine("ns:pod", "jti-5").reusable().make();
    var revoked = ended(make(pod, "now", "first"), State.REVOKED);
    age(revoked.id(), Duration.ofDays(2));
    assertThat(store().open(draft(pod, "now", "second")))
        .isInstanceOfSatisfying(
            Opened.Existing.class, e -> assertThat(e.request().state()).isEqualTo(State.REVOKED));
  }

  @Test
  void the_live_grants_are_found_and_the_one_that_ends_last_first() {
    assertThat(store().liveFor(alice.id(), "now")).isEmpty();
    var first = make(alice, "now", "first");
    var longer = new Asking("now", new Wish(HOUR.multipliedBy(2), "longer", null), null, null);
    var last = made(store().open(draft(alice, longer, null)));
    assertThat(store().liveFor(alice.id(), "now")).containsExactly(last, first);
    ended(last, State.RETURNED);
    assertThat(store().liveFor(alice.id(), "now")).containsExactly(first);
    age(first.id(), HOUR);
    assertThat(store().liveFor(alice.id(), "now")).isEmpty();
    assertThat(store().liveFor(bob.id(), "now")).isEmpty();
  }

  @Test
  void a_grant_that_has_not_started_is_not_live() {
    var asking = new Asking("now", new Wish(HOUR, "later", null), now().plusSeconds(600), null);
    made(store().open(draft(alice, asking, null)));
    assertThat(store().liveFor(alice.id(), "now")).isEmpty();
  }
}
