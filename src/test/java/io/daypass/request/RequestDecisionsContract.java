package io.daypass.request;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.CallerId;
import io.daypass.identity.TestCallers;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.Approval.Verdict;
import io.daypass.request.RequestStore.Opened;
import io.daypass.request.RequestStore.Vote;
import io.daypass.request.RequestStore.Voted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How every store of requests decides and ends them, and remembers people. */
public abstract class RequestDecisionsContract extends RequestStoreFixture {

  @Test
  void c5_the_yes_that_completes_starts_the_grant() {
    var request = make(alice, "asked-two", "two please");
    var first = store().vote(vote(request, bob, Verdict.APPROVE, false));
    assertThat(first).isInstanceOf(Voted.Counted.class);
    var waiting = ((Voted.Counted) first).request();
    assertThat(waiting.state()).isEqualTo(State.PENDING);
    assertThat(waiting.version()).isEqualTo(2);
    var second = store().vote(vote(waiting, carol, Verdict.APPROVE, true));
    assertThat(second).isInstanceOf(Voted.Counted.class);
    var approved = ((Voted.Counted) second).request();
    assertThat(approved.state()).isEqualTo(State.APPROVED);
    assertThat(approved.approvals())
        .extracting(a -> a.approver().identity().id().subject())
        .containsExactly("bob", "carol");
    assertThat(approved.times().grantEnds()).isEqualTo(starts(approved).plus(HOUR));
  }

  @Test
  void a_shortened_yes_gives_the_shorter_grant() {
    var request = make(alice, "asked", "shorter");
    store().remember(bob.identity(), bob.token().issuedAt());
    var ten = Duration.ofMinutes(10);
    var digest = request.basis().digest();
    var counted =
        store()
            .vote(
                new Vote(
                    request.id(),
                    1,
                    bob.identity(),
                    Verdict.APPROVE,
                    null,
                    ten,
                    digest,
                    true,
                    ten));
    assertThat(counted)
        .isInstanceOfSatisfying(
            Voted.Counted.class,
            c -> {
              assertThat(c.request().times().grantEnds()).isEqualTo(starts(c.request()).plus(ten));
              assertThat(c.request().agreedDuration()).isEqualTo(ten);
            });
  }

  @Test
  void c9_an_approver_is_judged_as_they_stand_in_the_sign_in_they_decided_with() {
    var request = make(alice, "asked", "with a second factor");
    var strong =
        TestCallers.person("bob")
            .groups("leads")
            .claims(Map.of("amr", List.of("pwd", "mfa"), "team", "a"))
            .make();
    store().vote(vote(request, strong, Verdict.APPROVE, true));
    var weak =
        TestCallers.person("bob")
            .groups("engineering")
            .claims(Map.of("amr", List.of("pwd"), "team", "b"))
            .issuedAt(TestCallers.SIGNED_IN.plusSeconds(60))
            .make();
    store().remember(weak.identity(), weak.token().issuedAt());
    var judged = store().find(request.id()).orElseThrow().approvals().getFirst().judged();
    assertThat(judged.claims()).isEqualTo(Map.of("amr", List.of("pwd", "mfa"), "team", "b"));
    assertThat(judged.groups()).containsExactly("engineering");
  }

  @Test
  void who_denied_is_called_as_they_are_shown() {
    var request = make(alice, "asked", "no");
    var bobby = TestCallers.person("bob").email("bob@example.com").groups("leads").make();
    store().vote(vote(request, bobby, Verdict.DENY, false));
    var ending = requireNonNull(store().find(request.id()).orElseThrow().ending());
    assertThat(ending.by()).isEqualTo("bob@example.com");
  }

  @Test
  void c3_a_vote_on_something_else_does_not_count() {
    var request = make(alice, "asked", "this");
    var vote = vote(request, bob, Verdict.APPROVE, true);
    var stale =
        new Vote(
            vote.request(),
            7,
            vote.approver(),
            vote.verdict(),
            null,
            null,
            vote.digest(),
            true,
            HOUR);
    assertThat(store().vote(stale)).isEqualTo(new Voted.Changed());
    var other =
        new Vote(
            vote.request(),
            1,
            vote.approver(),
            vote.verdict(),
            null,
            null,
            "another digest",
            true,
            HOUR);
    assertThat(store().vote(other)).isEqualTo(new Voted.Changed());
    assertThat(store().find(request.id()).orElseThrow().approvals()).isEmpty();
  }

  @Test
  void c5_one_person_votes_once() {
    var request = make(alice, "asked-two", "once each");
    store().vote(vote(request, bob, Verdict.APPROVE, false));
    var now = store().find(request.id()).orElseThrow();
    refused(store().vote(vote(now, bob, Verdict.APPROVE, true)), RefusalCode.ALREADY_VOTED);
    refused(store().vote(vote(now, bob, Verdict.DENY, false)), RefusalCode.ALREADY_VOTED);
  }

  @Test
  void c1_the_store_refuses_the_requesters_own_vote_too() {
    var request = make(alice, "asked", "mine");
    refused(store().vote(vote(request, alice, Verdict.APPROVE, true)), RefusalCode.SELF_APPROVAL);
  }

  @Test
  void c6_what_is_decided_lapsed_or_ended_takes_no_vote() {
    refused(
        store().vote(vote(approved(alice, "asked"), carol, Verdict.DENY, false)),
        RefusalCode.ALREADY_DECIDED);
    var cancelled = ended(make(alice, "asked", "taken back"), State.CANCELLED);
    refused(
        store().vote(vote(cancelled, carol, Verdict.APPROVE, true)), RefusalCode.ALREADY_DECIDED);
    var revoked = ended(make(alice, "asked", "revoked while pending"), State.REVOKED);
    refused(store().vote(vote(revoked, carol, Verdict.APPROVE, true)), RefusalCode.ALREADY_DECIDED);
    var lapsed = make(alice, "asked", "too late");
    age(lapsed.id(), LAPSE);
    refused(store().vote(vote(lapsed, carol, Verdict.APPROVE, true)), RefusalCode.LAPSED);
    assertThat(store().find(lapsed.id()).orElseThrow().statusAt(now())).isEqualTo(Status.LAPSED);
  }

  @Test
  void c10_a_suspended_person_has_no_vote() {
    var request = make(alice, "asked", "suspended");
    var vote = vote(request, bob, Verdict.APPROVE, true);
    assertThat(store().suspend(bob.id(), true, carol.id(), "left")).isTrue();
    assertThat(store().suspend(bob.id(), true, carol.id(), "left")).isFalse();
    refused(store().vote(vote), RefusalCode.SUSPENDED);
    assertThat(store().suspend(bob.id(), false, carol.id(), "back")).isTrue();
    assertThat(store().vote(vote)).isInstanceOf(Voted.Counted.class);
  }

  @Test
  void nobody_is_suspended_who_never_came() {
    var stranger = new CallerId("staff", "stranger");
    assertThat(store().suspend(stranger, true, carol.id(), "x")).isFalse();
    assertThat(store().standing(stranger)).isEmpty();
  }

  @Test
  void one_no_is_enough() {
    var request = make(alice, "asked-two", "no");
    var denied = ((Voted.Counted) store().vote(vote(request, bob, Verdict.DENY, false))).request();
    assertThat(denied.state()).isEqualTo(State.DENIED);
    assertThat(requireNonNull(denied.ending()).reason()).isEqualTo("looks right");
    refused(store().end(end(denied, State.REVOKED)), RefusalCode.ALREADY_ENDED);
  }

  @Test
  void ends_are_for_good() {
    for (var to : List.of(State.RETURNED, State.REVOKED)) {
      var request = ended(approved(alice, "asked"), to);
      assertThat(request.state()).isEqualTo(to);
      assertThat(request.grantAt(now())).isEmpty();
      assertThat(requireNonNull(request.ending()).by()).isEqualTo("bob@example.com");
      refused(store().end(end(request, State.REVOKED)), RefusalCode.ALREADY_ENDED);
      refused(store().end(end(request, State.RETURNED)), RefusalCode.ALREADY_ENDED);
      refused(store().end(end(request, State.CANCELLED)), RefusalCode.ALREADY_DECIDED);
    }
  }

  @Test
  void p5_what_was_ended_meanwhile_is_not_extended() {
    var more = new Asking("now", new Wish(HOUR, "more", null), null, null);
    for (var to : List.of(State.RETURNED, State.REVOKED)) {
      var request = ended(approved(alice, "asked"), to);
      assertThat(store().open(draft(alice, more, request.id())))
          .isEqualTo(new Opened.NothingToExtend());
    }
    var over = approved(alice, "asked");
    age(over.id(), HOUR);
    assertThat(store().open(draft(alice, more, over.id()))).isEqualTo(new Opened.NothingToExtend());
    made(store().open(draft(alice, more, approved(alice, "asked").id())));
  }

  private AccessRequest extended(AccessRequest request, String role) {
    var more = new Asking(role, new Wish(HOUR, "more", "INC-1"), request.times().grantEnds(), null);
    return made(store().open(draft(alice, more, request.id())));
  }

  private State state(AccessRequest request) {
    return store().find(request.id()).orElseThrow().state();
  }

  @Test
  void p5_whoever_ends_a_grant_ends_what_extends_it() {
    for (var to : List.of(State.RETURNED, State.REVOKED)) {
      var request = approved(alice, "asked");
      var given = extended(request, "now");
      var further = extended(given, "now");
      var waiting = extended(further, "asked");
      var other = approved(alice, "asked");
      ended(request, to);
      assertThat(state(given)).isEqualTo(to);
      assertThat(state(further)).isEqualTo(to);
      assertThat(state(waiting)).isEqualTo(to == State.RETURNED ? State.CANCELLED : to);
      refused(store().vote(vote(waiting, bob, Verdict.APPROVE, true)), RefusalCode.ALREADY_DECIDED);
      assertThat(state(other)).isEqualTo(State.APPROVED);
    }
  }

  @Test
  void whoever_ends_an_extension_leaves_what_it_extends() {
    var request = approved(alice, "asked");
    ended(extended(request, "now"), State.RETURNED);
    ended(extended(request, "asked"), State.CANCELLED);
    assertThat(state(request)).isEqualTo(State.APPROVED);
  }

  @Test
  void p5_whoever_ends_what_time_has_ended_ends_what_still_extends_it() {
    for (var to : List.of(State.RETURNED, State.REVOKED)) {
      var over = approved(alice, "asked");
      var given = extended(over, "now");
      var waiting = extended(given, "asked");
      age(over.id(), HOUR);
      ended(over, to);
      assertThat(state(given)).isEqualTo(to);
      assertThat(state(waiting)).isEqualTo(to == State.RETURNED ? State.CANCELLED : to);
      assertThat(state(over)).isEqualTo(State.APPROVED);
      refused(store().end(end(over, to)), RefusalCode.ALREADY_ENDED);
    }
  }

  @Test
  void a_pending_request_is_cancelled_or_revoked_but_not_returned() {
    var request = make(alice, "asked", "pending");
    refused(store().end(end(request, State.RETURNED)), RefusalCode.NOT_APPROVED);
    assertThat(ended(request, State.CANCELLED).state()).isEqualTo(State.CANCELLED);
    assertThat(ended(make(alice, "asked", "p2"), State.REVOKED).state()).isEqualTo(State.REVOKED);
  }

  @Test
  void what_time_has_ended_nobody_ends() {
    var over = approved(alice, "asked");
    age(over.id(), HOUR);
    assertThat(store().find(over.id()).orElseThrow().statusAt(now())).isEqualTo(Status.ENDED);
    refused(store().end(end(over, State.REVOKED)), RefusalCode.ALREADY_ENDED);
    var lapsed = make(alice, "asked", "lapsed");
    age(lapsed.id(), LAPSE);
    refused(store().end(end(lapsed, State.CANCELLED)), RefusalCode.ALREADY_DECIDED);
    refused(store().end(end(lapsed, State.REVOKED)), RefusalCode.ALREADY_ENDED);
  }

  @Test
  void c10_a_newer_token_says_how_somebody_stands_and_an_older_one_does_not() {
    var at = Instant.parse("2026-11-21T08:00:00Z");
    store().remember(TestCallers.human("dave", "leads").identity(), at);
    var first = store().standing(new CallerId("staff", "dave")).orElseThrow();
    store().remember(TestCallers.human("dave").identity(), at.minusSeconds(1));
    assertThat(store().standing(first.identity().id())).contains(first);
    store().remember(TestCallers.human("dave").identity(), at.plusSeconds(1));
    var second = store().standing(first.identity().id()).orElseThrow();
    assertThat(second.identity().groups()).isEmpty();
    assertThat(second.version()).isGreaterThan(first.version());
  }

  @Test
  void c10_an_older_token_does_not_undo_what_a_newer_one_confirmed() {
    var at = Instant.parse("2026-11-21T08:00:00Z");
    var plain = TestCallers.human("dave").identity();
    store().remember(plain, at);
    var before = store().standing(plain.id()).orElseThrow();
    store().remember(plain, at.plusSeconds(60));
    assertThat(store().standing(plain.id())).contains(before);
    store().remember(TestCallers.human("dave", "leads").identity(), at.plusSeconds(30));
    assertThat(store().standing(plain.id())).contains(before);
  }

  @Test
  void approvals_are_read_with_their_givers_as_they_stand_now() {
    var request = approved(alice, "asked");
    var without = TestCallers.person("bob").issuedAt(TestCallers.SIGNED_IN.plusSeconds(1)).make();
    store().remember(without.identity(), without.token().issuedAt());
    store().suspend(bob.id(), true, carol.id(), "left");
    var approver = store().find(request.id()).orElseThrow().approvals().getFirst().approver();
    assertThat(approver.identity().groups()).isEmpty();
    assertThat(approver.suspended()).isTrue();
  }
}
