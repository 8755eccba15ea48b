package io.daypass.request;

import static io.daypass.request.Roles.one;
import static io.daypass.request.Roles.role;
import static java.time.temporal.ChronoUnit.SECONDS;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.CallerId;
import io.daypass.identity.TestCallers;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Decision;
import io.daypass.policy.Policies;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.Approval.Verdict;
import io.daypass.request.RequestStore.End;
import io.daypass.request.RequestStore.Ended;
import io.daypass.request.RequestStore.Opened;
import io.daypass.request.RequestStore.Position;
import io.daypass.request.RequestStore.Query;
import io.daypass.request.RequestStore.Vote;
import io.daypass.request.RequestStore.Voted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of requests does. */
public abstract class RequestStoreContract {

  protected static final int OPEN_LIMIT = 3;
  protected static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LAPSE = Duration.ofHours(24);

  private final Supplier<RequestId> ids = new RequestIds();
  private final Policies policies =
      Roles.policies(
          role("now").automatic().make(),
          role("also-now").automatic().make(),
          role("asked").approvedBy(one("leads")).make(),
          role("asked-two").approvedBy(Roles.of(2, "leads")).make());
  private final Caller alice = TestCallers.human("alice", "engineering");
  private final Caller bob = TestCallers.human("bob", "leads");
  private final Caller carol = TestCallers.human("carol", "leads");

  protected abstract RequestStore store();

  /** Makes a request older than it is. */
  protected abstract void age(RequestId id, Duration by);

  /** The store's own clock. */
  protected abstract Instant now();

  private NewRequest draft(Caller caller, Asking asking, @Nullable RequestId extended) {
    var decision =
        policies.decide(
            caller, asking.role(), asking.wish(), new Circumstances(Instant.EPOCH, "192.0.2.1"));
    var draft = new RequestDraft(ids, LAPSE);
    return switch (decision) {
      case Decision.Granted(var allowance) ->
          draft.of(caller, allowance, List.of(), asking, extended);
      case Decision.NeedsApproval(var allowance, var lines) ->
          draft.of(caller, allowance, lines, asking, extended);
      case Decision.Denied(var denial) -> throw new AssertionError(denial);
    };
  }

  private NewRequest draft(Caller caller, String role, String reason) {
    return draft(caller, new Asking(role, new Wish(HOUR, reason, "INC-1"), null, null), null);
  }

  private AccessRequest make(Caller caller, String role, String reason) {
    return made(store().open(draft(caller, role, reason)));
  }

  private static AccessRequest made(Opened opened) {
    assertThat(opened).isInstanceOf(Opened.Made.class);
    return ((Opened.Made) opened).request();
  }

  private Vote vote(AccessRequest request, Caller by, Verdict verdict, boolean completes) {
    store().remember(by.identity(), by.token().issuedAt());
    return new Vote(
        request.id(),
        request.version(),
        by.identity(),
        verdict,
        "looks right",
        null,
        request.basis().digest(),
        completes,
        HOUR);
  }

  private AccessRequest approved(Caller caller, String role) {
    var request = make(caller, role, "approved");
    var counted = store().vote(vote(request, bob, Verdict.APPROVE, true));
    assertThat(counted).isInstanceOf(Voted.Counted.class);
    return ((Voted.Counted) counted).request();
  }

  private End end(AccessRequest request, State to) {
    return new End(request.id(), to, bob.id(), "bob@example.com", "no longer needed");
  }

  private AccessRequest ended(AccessRequest request, State to) {
    var done = store().end(end(request, to));
    assertThat(done).isInstanceOf(Ended.Done.class);
    return ((Ended.Done) done).request();
  }

  private static Instant starts(AccessRequest request) {
    return requireNonNull(request.times().grantStarts());
  }

  private static void refused(Ended ended, RefusalCode why) {
    assertThat(ended).isEqualTo(new Ended.NotPossible(why));
  }

  private static void refused(Voted voted, RefusalCode why) {
    assertThat(voted).isEqualTo(new Voted.NotPossible(why));
  }

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
  void the_live_grant_that_ends_last_is_found() {
    assertThat(store().liveFor(alice.id(), "now")).isEmpty();
    var first = make(alice, "now", "first");
    var longer = new Asking("now", new Wish(HOUR.multipliedBy(2), "longer", null), null, null);
    var last = made(store().open(draft(alice, longer, null)));
    assertThat(store().liveFor(alice.id(), "now")).contains(last);
    ended(last, State.RETURNED);
    assertThat(store().liveFor(alice.id(), "now")).contains(first);
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

  @Test
  void pages_are_whole_and_newest_first() {
    var made = new ArrayList<RequestId>();
    for (var i = 0; i < 7; i++) {
      made.addFirst(make(alice, "now", "number " + i).id());
    }
    var read = new ArrayList<RequestId>();
    @Nullable Position before = null;
    while (true) {
      var page = store().page(new Query(null, null, null, null, before, 3));
      page.forEach(request -> read.add(request.id()));
      if (page.size() < 3) {
        break;
      }
      before = new Position(page.getLast().times().madeAt(), page.getLast().id());
    }
    assertThat(read).isEqualTo(made);
  }

  @Test
  void pages_hold_what_was_asked_for() {
    var mine = make(alice, "now", "mine");
    var pending = make(bob, "asked", "pending");
    var decided = approved(carol, "asked");
    var over = make(alice, "also-now", "over");
    age(over.id(), HOUR);
    assertThat(ids(new Query(alice.id(), null, null, null, null, 9)))
        .containsExactlyInAnyOrder(mine.id(), over.id());
    assertThat(ids(new Query(null, null, "also-now", null, null, 9))).containsExactly(over.id());
    assertThat(ids(new Query(null, null, null, Status.PENDING, null, 9)))
        .containsExactly(pending.id());
    assertThat(ids(new Query(null, null, null, Status.ENDED, null, 9))).containsExactly(over.id());
    assertThat(ids(new Query(null, null, null, Status.APPROVED, null, 9)))
        .containsExactlyInAnyOrder(mine.id(), decided.id());
    assertThat(ids(new Query(null, null, null, null, mine.id().value(), null, 9)))
        .containsExactly(mine.id());
    var start = mine.id().value().substring(0, 10);
    assertThat(ids(new Query(null, null, null, null, start, null, 9)))
        .contains(mine.id())
        .allMatch(id -> id.value().startsWith(start));
    assertThat(ids(new Query(bob.id(), null, null, null, mine.id().value(), null, 9))).isEmpty();
  }

  @Test
  void b8_a_page_of_what_involves_somebody_has_nothing_else_of_others() {
    var mine = make(alice, "now", "mine");
    var pending = make(carol, "asked", "pending");
    var decided = approved(carol, "asked");
    make(carol, "now", "nobody else's business");
    assertThat(ids(new Query(null, alice.id(), null, null, null, 9)))
        .containsExactlyInAnyOrder(mine.id(), pending.id());
    assertThat(ids(new Query(null, bob.id(), null, null, null, 9)))
        .containsExactlyInAnyOrder(pending.id(), decided.id());
  }

  @Test
  void every_status_can_be_asked_for() {
    var lapsed = make(alice, "asked", "lapsed");
    age(lapsed.id(), LAPSE);
    var cancelled = ended(make(alice, "asked", "cancelled"), State.CANCELLED);
    var returned = ended(make(alice, "now", "returned"), State.RETURNED);
    var revoked = ended(make(alice, "now", "revoked"), State.REVOKED);
    var denied = make(alice, "asked", "denied");
    store().vote(vote(denied, bob, Verdict.DENY, false));
    var wanted =
        Map.of(
            Status.LAPSED, lapsed.id(),
            Status.CANCELLED, cancelled.id(),
            Status.RETURNED, returned.id(),
            Status.REVOKED, revoked.id(),
            Status.DENIED, denied.id());
    wanted.forEach((status, id) ->
        assertThat(ids(new Query(null, null, null, status, null, 9))).containsExactly(id));
  }

  private List<RequestId> ids(Query query) {
    return store().page(query).stream().map(AccessRequest::id).toList();
  }
}
