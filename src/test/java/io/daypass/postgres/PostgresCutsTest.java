package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.BindingStore.Patience;
import io.daypass.cloud.BindingStoreFixture;
import io.daypass.cloud.BindingStores;
import io.daypass.cloud.CutStore;
import io.daypass.cloud.CutStore.Claimed;
import io.daypass.cloud.CutStore.Spans;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.Ledger.Fingerprint;
import io.daypass.ledger.LedgerStore.Seal;
import io.daypass.ledger.RecordedGrant;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresCutsTest extends BindingStoreFixture {

  private static final String ROLE = "arn:aws:iam::123456789012:role/test";
  private static final Patience PATIENCE = new Patience(2, HOUR);
  private static final Duration SETTLE = Duration.ofMinutes(5);
  private static final Spans SPANS = new Spans(MINUTE, SETTLE, MINUTE);

  private final PostgresStores stores = PostgresStores.empty();
  private final TestDatabase database = stores.database();
  private final CutStore cuts = stores.cuts();

  @Override
  protected BindingStores stores() {
    return stores;
  }

  @BeforeEach
  void nothing_is_cut() {
    database.run("TRUNCATE session_cut, cut_place");
  }

  private void seal(RecordedGrant grant, Instant expires) {
    var id = grant.issuance().toString().replace("-", "");
    var sealed =
        new Ledger(ledger(), UUID::randomUUID)
            .seal(grant, new Fingerprint("ASIA" + id, id + id, expires));
    assertThat(sealed).isInstanceOf(Seal.Written.class);
  }

  /** A grant with a session that lives for a quarter of an hour. */
  private RecordedGrant session(RecordedGrant grant) {
    seal(grant, now().plusSeconds(900));
    return grant;
  }

  private RecordedGrant session() {
    return session(grant(alice));
  }

  private List<Claimed> due() {
    return cuts.claimDue("aws", 10, SPANS);
  }

  /** Somebody else than its requester ends it. */
  private void endedByBob(RecordedGrant grant) {
    var ended = new RequestStore.End(grant.request(), State.REVOKED, bob.id(), "bob", "enough");
    assertThat(requests().end(ended)).isInstanceOf(RequestStore.Ended.Done.class);
  }

  private Claimed dueOne() {
    var claimed = due();
    assertThat(claimed).hasSize(1);
    return claimed.getFirst();
  }

  private void apply(Claimed claimed) {
    assertThat(cuts.applied(claimed, claimed.requests(), SPANS)).isTrue();
  }

  private CutStore.Standing of(RequestId request) {
    assertThat(cuts.of(request)).hasSize(1);
    return cuts.of(request).getFirst();
  }

  /** As if so much time had gone by for what is cut. */
  private void pass(Duration time) {
    database.run(
        "UPDATE session_cut SET until = until - make_interval(secs => %1$d), asked_at = asked_at -"
                .formatted(time.toSeconds())
            + " make_interval(secs => %d)".formatted(time.toSeconds()));
  }

  @AfterEach
  void every_entry_names_the_policies_that_were_in_force() {
    stores.everyEntryNamesThePolicies();
  }

  @Test
  void the_sessions_of_a_revoked_grant_are_to_be_cut_until_the_last_of_them_is_dead() {
    var grant = session();
    session(issuance(requests().find(grant.request()).orElseThrow()));
    assertThat(due()).as("it was not revoked").isEmpty();
    revoke(grant);
    var claimed = dueOne();
    assertThat(claimed.place()).isEqualTo(ROLE);
    assertThat(claimed.requests()).containsExactly(grant.request());
    var asked = of(grant.request());
    assertThat(asked.appliedAt()).isNull();
    assertThat(asked.until()).isEqualTo(grant.endsAt());
    apply(claimed);
    assertThat(of(grant.request()).appliedAt()).isAfter(asked.askedAt());
    assertThat(entries()).containsSubsequence("sealed", "sealed", "revoked", "cut_applied");
    assertThat(due()).isEmpty();
  }

  @Test
  void what_is_given_back_is_cut_too() {
    var grant = session();
    end(grant.request(), State.RETURNED);
    assertThat(dueOne().requests()).containsExactly(grant.request());
  }

  @Test
  void a_grant_that_nothing_was_minted_under_is_not_cut() {
    var unused = request(alice, HOUR, null);
    var failed = grant(bob);
    new Ledger(ledger(), UUID::randomUUID).failed(failed, "cloud_refused");
    for (var id : List.of(unused.id(), failed.request())) {
      end(id, State.REVOKED);
      assertThat(cuts.of(id)).isEmpty();
    }
    assertThat(due()).isEmpty();
  }

  @Test
  void keys_that_are_dead_may_have_opened_a_console_that_lives() {
    var grant = grant(alice);
    seal(grant, now().minusSeconds(1));
    revoke(grant);
    assertThat(dueOne().requests()).containsExactly(grant.request());
    assertThat(of(grant.request()).until()).isEqualTo(grant.endsAt());
  }

  @Test
  void a_session_that_nobody_was_given_is_cut_for_as_long_as_its_grant_would_have_lasted() {
    var inFlight = grant(alice);
    var unknown = grant(bob);
    new Ledger(ledger(), UUID::randomUUID).unknown(unknown, "cloud_failed");
    revoke(inFlight);
    revoke(unknown);
    assertThat(of(inFlight.request()).until()).isEqualTo(inFlight.endsAt());
    assertThat(of(unknown.request()).until()).isEqualTo(unknown.endsAt());
  }

  @Test
  void what_continues_a_revoked_or_returned_grant_is_cut_with_it() {
    for (var to : List.of(State.REVOKED, State.RETURNED)) {
      var first = session();
      var second = session(issuance(request(alice, HOUR.multipliedBy(2), first.request())));
      end(first.request(), to);
      assertThat(cuts.of(first.request())).hasSize(1);
      assertThat(cuts.of(second.request())).hasSize(1);
    }
  }

  @Test
  void what_others_ended_comes_before_what_its_requester_did_and_denied_before_not_denied() {
    var returned = session();
    end(returned.request(), State.RETURNED);
    // To revoke one's own takes no room from anybody either.
    var own = session();
    revoke(own);
    apply(dueOne());
    var first = session();
    endedByBob(first);
    assertThat(dueOne().standing()).isZero();
    database.run("UPDATE cut_place SET claim = NULL, claimed_until = NULL, next_try = NULL");
    apply(dueOne());
    var second = session();
    endedByBob(second);
    var claimed = dueOne();
    assertThat(claimed.requests())
        .containsExactly(first.request(), second.request(), own.request(), returned.request());
    assertThat(claimed.standing()).isEqualTo(1);
    assertThat(claimed.applied()).isEqualTo(3);
  }

  @Test
  void who_gave_back_to_be_last_in_line_is_not_once_somebody_else_revokes() {
    var insider = session();
    end(insider.request(), State.RETURNED);
    var other = session();
    endedByBob(other);
    apply(dueOne());
    revoke(session());
    assertThat(dueOne().standing()).isEqualTo(1);
    var late = new RequestStore.End(insider.request(), State.REVOKED, bob.id(), "bob", "enough");
    assertThat(requests().end(late)).isInstanceOf(RequestStore.Ended.NotPossible.class);
    database.run("UPDATE cut_place SET claimed_until = NULL");
    var claimed = dueOne();
    assertThat(claimed.standing()).isEqualTo(2);
    assertThat(claimed.requests().subList(0, 2))
        .containsExactlyInAnyOrder(insider.request(), other.request());
  }

  @Test
  void the_dead_take_no_room_from_the_living() {
    var dying = session();
    endedByBob(dying);
    var dead = session();
    endedByBob(dead);
    apply(dueOne());
    var never = session();
    endedByBob(never);
    pass(HOUR);
    var living = session();
    revoke(living);
    var claimed = dueOne();
    assertThat(claimed.requests()).startsWith(living.request()).doesNotContain(never.request());
    assertThat(claimed.requests()).hasSize(3);
    assertThat(claimed.standing()).isZero();
    assertThat(claimed.applied()).isEqualTo(2);
  }

  @Test
  void a_repair_that_fails_is_tried_again_soon_and_rings_the_alarm() {
    var grant = session();
    revoke(grant);
    assertThat(cuts.notApplied(dueOne(), "cloud_failed", NONE, true, SPANS, PATIENCE)).isFalse();
    apply(dueOne());
    database.run("UPDATE cut_place SET again_at = again_at - interval '1 minute'");
    assertThat(cuts.notApplied(dueOne(), "cloud_busy", NONE, false, SPANS, PATIENCE)).isFalse();
    assertThat(of(grant.request()).stuck()).isFalse();
    assertThat(cuts.notApplied(dueOne(), "cloud_busy", NONE, false, SPANS, PATIENCE)).isTrue();
    assertThat(of(grant.request()).stuck()).isTrue();
    apply(dueOne());
    assertThat(of(grant.request()).stuck()).isFalse();
    assertThat(due()).isEmpty();
  }

  @Test
  void what_somebody_never_came_back_from_is_looked_at_though_nothing_else_is_due() {
    var grant = session();
    revoke(grant);
    assertThat(cuts.claimDue("aws", 10, new Spans(NONE, SETTLE, MINUTE))).hasSize(1);
    pass(HOUR);
    assertThat(dueOne().requests()).isEmpty();
  }

  @Test
  void what_somebody_cuts_is_nobody_else_s_until_their_lease_is_over() {
    revoke(session());
    var lapsed = cuts.claimDue("aws", 10, new Spans(NONE, SETTLE, MINUTE)).getFirst();
    var taken = dueOne();
    assertThat(due()).isEmpty();
    assertThat(cuts.applied(lapsed, lapsed.requests(), SPANS)).as("lease over").isFalse();
    assertThat(cuts.notApplied(lapsed, "cloud_failed", NONE, false, SPANS, PATIENCE)).isFalse();
    apply(taken);
    assertThat(of(taken.requests().getFirst()).appliedAt()).isNotNull();
  }

  @Test
  void what_a_late_one_may_have_put_in_its_place_is_written_once_more() {
    var first = session();
    revoke(first);
    var late = cuts.claimDue("aws", 10, new Spans(NONE, SETTLE, MINUTE)).getFirst();
    var second = session();
    revoke(second);
    // Nobody knows what became of the first, so the second is written twice in any case.
    apply(dueOne());
    database.run("UPDATE cut_place SET again_at = NULL");
    assertThat(cuts.applied(late, late.requests(), SPANS)).isFalse();
    database.run("UPDATE cut_place SET again_at = again_at - interval '1 minute'");
    assertThat(dueOne().requests()).containsExactlyInAnyOrder(first.request(), second.request());
  }

  @Test
  void what_somebody_never_came_back_from_is_written_once_more() {
    revoke(session());
    assertThat(cuts.claimDue("aws", 10, new Spans(NONE, SETTLE, MINUTE))).hasSize(1);
    apply(dueOne());
    assertThat(due()).isEmpty();
    database.run("UPDATE cut_place SET again_at = again_at - interval '1 minute'");
    apply(dueOne());
    assertThat(due()).isEmpty();
  }

  @Test
  void a_revocation_does_not_wait_for_the_pause_after_an_earlier_failure() {
    revoke(session());
    assertThat(cuts.notApplied(dueOne(), "cloud_failed", HOUR, false, SPANS, PATIENCE)).isFalse();
    revoke(session());
    var claimed = dueOne();
    revoke(session());
    assertThat(cuts.notApplied(claimed, "cloud_failed", HOUR, false, SPANS, PATIENCE)).isTrue();
    assertThat(dueOne().requests()).hasSize(3);
  }

  @Test
  void a_revocation_that_comes_while_another_is_brought_to_the_cloud_is_not_taken_for_done() {
    var first = session();
    revoke(first);
    var claimed = dueOne();
    var second = session();
    revoke(second);
    apply(claimed);
    assertThat(of(first.request()).appliedAt()).isNotNull();
    assertThat(of(second.request()).appliedAt()).isNull();
    assertThat(dueOne().requests()).containsExactly(first.request(), second.request());
  }

  @Test
  void the_cloud_forgets_a_cut_once_its_sessions_are_dead_by_any_clock() {
    var grant = session();
    revoke(grant);
    apply(dueOne());
    pass(HOUR);
    assertThat(due()).as("the cloud's clock may be behind").isEmpty();
    pass(SETTLE);
    var claimed = dueOne();
    assertThat(claimed.requests()).isEmpty();
    apply(claimed);
    assertThat(entries()).containsSubsequence("cut_applied", "cut_lifted");
    assertThat(due()).isEmpty();
  }

  @Test
  void what_died_before_the_cloud_was_told_is_done_without_it() {
    var grant = session();
    revoke(grant);
    pass(HOUR);
    assertThat(due()).isEmpty();
    assertThat(cuts.overdue(NONE)).isZero();
    pass(SETTLE);
    assertThat(due()).isEmpty();
    assertThat(database.count("session_cut WHERE lifted_at IS NULL")).isZero();
    assertThat(entries()).doesNotContain("cut_applied", "cut_lifted");
  }

  @Test
  void what_cannot_be_cut_comes_again_and_raises_the_alarm_once() {
    var grant = session();
    revoke(grant);
    assertThat(cuts.notApplied(dueOne(), "cloud_refused", NONE, false, SPANS, PATIENCE)).isFalse();
    assertThat(of(grant.request()).stuck()).isFalse();
    var second = dueOne();
    assertThat(second.tries()).isEqualTo(2);
    assertThat(cuts.notApplied(second, "cloud_refused", NONE, false, SPANS, PATIENCE)).isTrue();
    assertThat(of(grant.request()).stuck()).isTrue();
    assertThat(cuts.notApplied(dueOne(), "cloud_refused", MINUTE, false, SPANS, PATIENCE))
        .isFalse();
    assertThat(due()).as("not before its pause is over").isEmpty();
    assertThat(entries()).containsOnlyOnce("cut_stuck");
    assertThat(
            database.count(
                "notice WHERE kind = 'cleanup_stuck' AND request_id = '" + grant.request() + "'"))
        .isEqualTo(1);
    assertThat(cuts.overdue(NONE)).isEqualTo(1);
    database.run("UPDATE cut_place SET next_try = NULL");
    apply(dueOne());
    assertThat(of(grant.request()).stuck()).isFalse();
    assertThat(cuts.overdue(NONE)).isZero();
  }

  @Test
  void what_is_late_raises_the_alarm_at_the_first_failure() {
    revoke(session());
    pass(Duration.ofMinutes(10));
    var claimed = dueOne();
    assertThat(
            cuts.notApplied(claimed, "cloud_failed", NONE, false, SPANS, new Patience(9, MINUTE)))
        .isTrue();
  }

  @Test
  void a_document_that_cannot_be_tidied_up_is_no_alarm() {
    revoke(session());
    apply(dueOne());
    pass(HOUR.multipliedBy(2));
    assertThat(
            cuts.notApplied(dueOne(), "cloud_refused", NONE, false, SPANS, new Patience(1, NONE)))
        .isFalse();
    assertThat(due()).as("it does no harm, and there is time").isEmpty();
    assertThat(entries()).doesNotContain("cut_stuck");
  }

  @Test
  void where_there_is_no_room_the_rest_waits_and_what_made_room_is_denied_no_more() {
    var returned = session();
    end(returned.request(), State.RETURNED);
    apply(dueOne());
    var revoked = session();
    endedByBob(revoked);
    var claimed = dueOne();
    assertThat(cuts.applied(claimed, List.of(revoked.request()), SPANS)).isTrue();
    assertThat(due()).as("the claim goes on").isEmpty();
    assertThat(cuts.notApplied(claimed, "no_room", NONE, false, SPANS, PATIENCE)).isFalse();
    assertThat(of(revoked.request()).appliedAt()).isNotNull();
    assertThat(of(returned.request()).appliedAt()).isNull();
    assertThat(dueOne().requests()).containsExactly(revoked.request(), returned.request());
  }

  @Test
  void what_was_written_while_an_older_call_may_be_on_its_way_is_written_once_more() {
    var grant = session();
    revoke(grant);
    assertThat(cuts.notApplied(dueOne(), "cloud_failed", NONE, true, SPANS, PATIENCE)).isFalse();
    apply(dueOne());
    assertThat(due()).as("until the older call must be over").isEmpty();
    database.run("UPDATE cut_place SET again_at = again_at - interval '1 minute'");
    var again = dueOne();
    assertThat(again.requests()).containsExactly(grant.request());
    apply(again);
    assertThat(due()).isEmpty();
  }

  @Test
  void e6_the_service_changes_no_cut_but_by_the_functions() throws SQLException {
    revoke(session());
    try (var service = database.asService();
        var statement = service.createStatement()) {
      for (var sql :
          List.of(
              "UPDATE session_cut SET applied_at = now()",
              "DELETE FROM session_cut",
              "INSERT INTO session_cut SELECT * FROM session_cut",
              "UPDATE cut_place SET next_try = now()",
              "SELECT ask_cuts('x', true, now())",
              "SELECT cut_entry('cut_applied', 'x', '{}')")) {
        assertThatThrownBy(() -> statement.execute(sql))
            .as(sql)
            .hasMessageContaining("permission denied");
      }
    }
  }
}
