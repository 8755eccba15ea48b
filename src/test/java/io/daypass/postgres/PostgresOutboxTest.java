package io.daypass.postgres;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.issuance.Answer;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.notice.Notice;
import io.daypass.notice.NoticeKind;
import io.daypass.notice.Outbox.Claimed;
import io.daypass.notice.Outbox.Fate;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.DeskAnswer;
import io.daypass.request.RequestIds;
import io.daypass.request.Roles;
import io.daypass.request.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is written to be told, and who is given it to deliver. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresOutboxTest {

  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration DAYS = Duration.ofDays(3);
  private static final Map<String, Set<NoticeKind>> ALL =
      Map.of("all", EnumSet.allOf(NoticeKind.class));

  private final TestDatabase database = TestDatabase.shared();
  private final Replica replica =
      new Replica(
          database,
          4,
          Roles.policies(
              role("now").automatic().make(), role("asked").approvedBy(Roles.one("leads")).make()),
          new RequestIds());
  private final PostgresOutbox outbox = new PostgresOutbox(replica.database);
  private final Caller alice = TestCallers.human("alice", "engineering");
  private final Caller bob =
      TestCallers.person("bob").groups("leads").signedInAt(database.now()).make();

  @BeforeEach
  void nothing_is_told_yet() {
    database.empty();
    database.run("UPDATE notice_state SET lapses_through = clock_timestamp()");
    replica.requests.remember(bob.identity(), bob.token().issuedAt());
  }

  @AfterAll
  void close() {
    replica.close();
    database.close();
  }

  private AccessRequest asked() {
    replica.requests.remember(alice.identity(), alice.token().issuedAt());
    return replica.ask(alice, "asked", "work");
  }

  private List<String> kinds() {
    var kinds = new ArrayList<String>();
    for (var one : claimAll("all")) {
      kinds.add(one.notice().kind().code());
    }
    return kinds;
  }

  private List<Claimed> claimAll(String channel) {
    outbox.spread(ALL, 100);
    return outbox.claim(channel, 100, LEASE);
  }

  private Notice only() {
    var claimed = claimAll("all");
    assertThat(claimed).hasSize(1);
    return claimed.getFirst().notice();
  }

  @Test
  void an_automatic_issuance_leaves_nothing_to_tell() {
    replica.ask(alice, "now", "work");
    assertThat(replica.issue(alice, "now")).isInstanceOf(Answer.Issued.class);
    assertThat(replica.issue(alice, "now")).isInstanceOf(Answer.Issued.class);
    assertThat(database.count("ledger_entry WHERE kind = 'sealed'")).isEqualTo(2);
    assertThat(database.count("notice")).isZero();
  }

  @Test
  void a_request_that_waits_and_what_people_decide_are_written_to_be_told() {
    var request = asked();
    var waiting = only();
    assertThat(waiting.kind()).isEqualTo(NoticeKind.WAITING);
    assertThat(waiting.request()).isEqualTo(request.id());
    assertThat(waiting.role()).isEqualTo("asked");
    assertThat(replica.approve(bob, request.id())).isInstanceOf(DeskAnswer.Done.class);
    assertThat(kinds()).containsExactly("approved");
    replica.revoke(alice, request.id());
    assertThat(kinds()).containsExactly("revoked");
  }

  @Test
  void each_end_that_people_bring_about_is_written_to_be_told() {
    var denied = asked();
    replica.approvals.deny(bob, denied.id(), "no", replica.now());
    assertThat(kinds()).containsExactlyInAnyOrder("waiting", "denied");
    var cancelled = asked();
    replica.desk.cancel(alice, cancelled.id(), "mistake");
    assertThat(kinds()).containsExactlyInAnyOrder("waiting", "cancelled");
    var automatic = replica.ask(alice, "now", "work");
    replica.desk.giveBack(alice, automatic.id(), "done");
    assertThat(kinds()).containsExactly("returned");
  }

  @Test
  void stop_and_resume_are_told_with_who_and_why() {
    stop(true);
    var stopped = only();
    assertThat(stopped.kind()).isEqualTo(NoticeKind.STOPPED);
    assertThat(stopped.by()).isEqualTo(bob.id());
    assertThat(stopped.detail()).containsExactly(Map.entry("reason", "incident"));
    stop(false);
    assertThat(kinds()).containsExactly("resumed");
    stop(false);
    assertThat(kinds()).isEmpty();
  }

  private void stop(boolean stopped) {
    var kind = stopped ? EntryKind.STOP : EntryKind.RESUME;
    Map<String, Object> detail = Map.of("reason", "incident", "source_ip", "192.0.2.1");
    replica.ledger.setStopped(stopped, new Entry(kind, null, null, null, bob.id(), detail));
  }

  @Test
  void an_issuance_that_was_never_finished_is_told_of() {
    replica.ask(alice, "now", "work");
    replica.whileMinting =
        () -> {
          throw new Killed();
        };
    try {
      assertThatThrownBy(() -> replica.issue(alice, "now")).isInstanceOf(Killed.class);
    } finally {
      replica.whileMinting = () -> {};
    }
    var closed = replica.ledger.closeOrphans(Duration.ZERO);
    assertThat(closed).hasSize(1);
    var orphaned = only();
    assertThat(orphaned.kind()).isEqualTo(NoticeKind.ORPHANED);
    assertThat(orphaned.issuance()).isEqualTo(closed.getFirst());
    assertThat(orphaned.request()).isNotNull();
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void access_that_cannot_be_removed_is_told_of_without_its_place() {
    replica.ledger.append(
        new Entry(
            EntryKind.BINDING_STUCK,
            null,
            null,
            "asked",
            null,
            Map.of("cloud", "azure", "code", "cloud_refused", "tries", 5, "place", "/secret")));
    var stuck = only();
    assertThat(stuck.kind()).isEqualTo(NoticeKind.CLEANUP_STUCK);
    assertThat(stuck.role()).isEqualTo("asked");
    assertThat(stuck.detail())
        .containsOnly(
            Map.entry("cloud", "azure"),
            Map.entry("code", "cloud_refused"),
            Map.entry("tries", "5"));
  }

  @Test
  void what_is_rolled_back_is_not_told() throws SQLException {
    var request = asked();
    claimAll("all");
    try (var service = database.asService();
        var statement = service.createStatement()) {
      service.setAutoCommit(false);
      statement.execute(
          "SELECT end_request('%s', 'cancelled', 'staff', 'alice', 'alice', 'x')"
              .formatted(request.id()));
      service.rollback();
    }
    assertThat(kinds()).isEmpty();
  }

  @Test
  void a_request_lapses_by_the_clock_and_is_told_of_once() {
    var lapsing = asked();
    var decided = asked("other");
    database.age(lapsing.id(), Duration.ofHours(25));
    database.age(decided.id(), Duration.ofHours(25));
    database.run(
        "UPDATE access_request SET state = 'denied' WHERE id = '%s'".formatted(decided.id()));
    database.run("UPDATE notice_state SET lapses_through = now() - interval '2 hours'");
    claimAll("all");
    assertThat(outbox.noteLapses(Duration.ZERO)).isEqualTo(1);
    var lapsed = only();
    assertThat(lapsed.kind()).isEqualTo(NoticeKind.LAPSED);
    assertThat(lapsed.request()).isEqualTo(lapsing.id());
    assertThat(outbox.noteLapses(Duration.ZERO)).isZero();
    assertThat(kinds()).isEmpty();
  }

  private AccessRequest asked(String reason) {
    return replica.ask(alice, "asked", reason);
  }

  @Test
  void a_request_that_has_just_lapsed_may_still_be_decided_on_its_way_and_is_told_of_later() {
    var lapsing = asked();
    claimAll("all");
    database.run(
        "UPDATE access_request SET lapses_at = clock_timestamp() WHERE id = '%s'"
            .formatted(lapsing.id()));
    assertThat(outbox.noteLapses(Duration.ofMinutes(1))).isZero();
    database.run("UPDATE notice_state SET lapses_through = now() - interval '1 hour'");
    assertThat(outbox.noteLapses(Duration.ofMinutes(1))).isZero();
    assertThat(outbox.noteLapses(Duration.ZERO)).isEqualTo(1);
  }

  @Test
  void a_channel_gets_what_it_tells_of_and_nothing_else() {
    var channels =
        Map.of(
            "leads", Set.of(NoticeKind.WAITING),
            "bus", Set.of(NoticeKind.WAITING, NoticeKind.CANCELLED));
    replica.desk.cancel(alice, asked().id(), "mistake");
    assertThat(outbox.spread(channels, 100)).isEqualTo(2);
    assertThat(outbox.spread(channels, 100)).isZero();
    assertThat(outbox.claim("leads", 100, LEASE)).hasSize(1);
    assertThat(outbox.claim("bus", 100, LEASE)).hasSize(2);
    assertThat(outbox.claim("all", 100, LEASE)).isEmpty();
  }

  @Test
  void without_a_channel_nothing_waits_for_ever() {
    asked();
    outbox.spread(Map.of(), 100);
    assertThat(outbox.backlog()).isEmpty();
    outbox.forget(DAYS, Duration.ZERO);
    assertThat(database.count("notice")).isZero();
  }

  @Test
  void two_replicas_are_given_each_notice_once() throws Exception {
    for (var i = 0; i < 20; i++) {
      asked("reason " + i);
    }
    var claimed = new ArrayList<Claimed>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<List<Claimed>> turn =
          () -> {
            outbox.spread(ALL, 3);
            return outbox.claim("all", 3, LEASE);
          };
      for (var i = 0; i < 10; i++) {
        for (var done : threads.invokeAll(List.of(turn, turn, turn))) {
          claimed.addAll(done.get());
        }
      }
    }
    assertThat(claimed).hasSize(20);
    assertThat(claimed.stream().map(one -> one.notice().id()).distinct()).hasSize(20);
  }

  @Test
  void f30_what_a_killed_replica_had_comes_again_when_its_lease_is_over() {
    asked();
    outbox.spread(ALL, 100);
    var first = outbox.claim("all", 1, Duration.ZERO).getFirst();
    var second = outbox.claim("all", 1, LEASE).getFirst();
    assertThat(second.notice()).isEqualTo(first.notice());
    assertThat(second.tries()).isEqualTo(2);
    // The first was only slow: what it says of a failure no longer counts.
    assertThat(outbox.notDelivered(first, "timeout", Duration.ZERO, DAYS)).isEqualTo(Fate.CLOSED);
    assertThat(outbox.claim("all", 1, LEASE)).isEmpty();
    // But what it delivered is delivered.
    outbox.delivered(first);
    assertThat(outbox.notDelivered(second, "timeout", Duration.ZERO, DAYS)).isEqualTo(Fate.CLOSED);
    assertThat(outbox.backlog()).isEmpty();
  }

  @Test
  void what_was_not_taken_comes_again_after_its_pause_and_not_before() {
    asked();
    var claimed = claimAll("all").getFirst();
    assertThat(outbox.notDelivered(claimed, "http_500", Duration.ofHours(1), DAYS))
        .isEqualTo(Fate.AGAIN);
    assertThat(outbox.claim("all", 1, LEASE)).isEmpty();
    assertThat(outbox.backlog())
        .singleElement()
        .satisfies(waiting -> {
          assertThat(waiting.channel()).isEqualTo("all");
          assertThat(waiting.kind()).isEqualTo("waiting");
          assertThat(waiting.count()).isEqualTo(1);
        });
    database.run("UPDATE notice_delivery SET next_try = now()");
    assertThat(outbox.claim("all", 1, LEASE)).hasSize(1);
  }

  @Test
  void what_is_too_old_is_given_up() {
    asked();
    var claimed = claimAll("all").getFirst();
    database.run("UPDATE notice SET at = at - interval '73 hours'");
    assertThat(outbox.notDelivered(claimed, "http_500", Duration.ZERO, DAYS))
        .isEqualTo(Fate.GIVEN_UP);
    assertThat(outbox.claim("all", 1, LEASE)).isEmpty();
    assertThat(outbox.backlog()).isEmpty();
    assertThat(database.one("SELECT last_code FROM notice_delivery", String.class))
        .isEqualTo("http_500");
  }

  @Test
  void what_waits_for_a_channel_that_nobody_has_any_more_is_given_up_in_the_end() {
    asked();
    outbox.spread(Map.of("gone", Set.of(NoticeKind.WAITING)), 100);
    assertThat(outbox.forget(DAYS, DAYS)).isEmpty();
    database.run("UPDATE notice SET at = at - interval '73 hours'");
    database.run("UPDATE notice_delivery SET next_try = next_try - interval '73 hours'");
    assertThat(outbox.forget(DAYS, Duration.ofDays(7))).containsExactly("gone");
    assertThat(outbox.forget(DAYS, Duration.ofDays(7))).isEmpty();
  }

  @Test
  void what_is_done_is_forgotten_after_a_while_and_what_waits_is_not() {
    asked();
    var done = claimAll("all").getFirst();
    outbox.delivered(done);
    asked("still waiting");
    outbox.spread(ALL, 100);
    outbox.forget(DAYS, Duration.ofDays(7));
    assertThat(database.count("notice")).isEqualTo(2);
    database.run("UPDATE notice SET at = at - interval '8 days'");
    outbox.forget(Duration.ofDays(9), Duration.ofDays(7));
    assertThat(database.count("notice")).isEqualTo(1);
    assertThat(database.count("notice_delivery WHERE state = 'waiting'")).isEqualTo(1);
  }

  @Test
  void what_a_newer_binary_tells_of_is_left_to_it() {
    database.run("INSERT INTO notice (kind, at) VALUES ('of_tomorrow', now())");
    database.run(
        "INSERT INTO notice_delivery (notice, channel, next_try) SELECT id, 'all', now() FROM notice");
    asked();
    assertThat(claimAll("all"))
        .extracting(one -> one.notice().kind())
        .containsExactly(NoticeKind.WAITING);
  }

  @Test
  void the_service_writes_no_notice_and_changes_none_but_by_the_functions() throws SQLException {
    asked();
    outbox.spread(ALL, 100);
    try (var service = database.asService();
        var statement = service.createStatement()) {
      for (var sql :
          List.of(
              "INSERT INTO notice (kind, at) VALUES ('approved', now())",
              "UPDATE notice SET kind = 'approved'",
              "DELETE FROM notice",
              "INSERT INTO notice_delivery SELECT * FROM notice_delivery",
              "UPDATE notice_delivery SET state = 'delivered'",
              "DELETE FROM notice_delivery",
              "UPDATE notice_state SET lapses_through = now()",
              "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_told")) {
        assertThatThrownBy(() -> statement.execute(sql))
            .as(sql)
            .isInstanceOf(SQLException.class)
            .hasMessageMatching("(?s).*(permission denied|must be owner).*");
      }
    }
  }

  @Test
  void a_database_that_is_away_is_said_to_be() {
    try (var other = database.open(1)) {
      var away = new PostgresOutbox(other);
      database.run("ALTER TABLE notice RENAME TO notice_away");
      try {
        assertThatThrownBy(() -> away.spread(ALL, 1)).isInstanceOf(StoreUnavailableException.class);
      } finally {
        database.run("ALTER TABLE notice_away RENAME TO notice");
      }
    }
  }

  @Test
  void every_state_that_a_request_can_end_in_has_its_kind() {
    for (var state : State.values()) {
      if (state != State.PENDING) {
        assertThat(NoticeKind.of(state.name().toLowerCase(java.util.Locale.ROOT))).isPresent();
      }
    }
  }
}
