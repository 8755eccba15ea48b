package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.request.OpenLimits;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Intents that never got an outcome, in a ledger too long to be looked through at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrphansTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final TestDatabase database = TestDatabase.shared();
  private final Database replica = database.open(2);
  private final PostgresLedger ledger =
      new PostgresLedger(replica, new OpenLimits(5, 5), () -> "in force");

  @AfterAll
  void close() {
    replica.close();
    database.close();
  }

  @BeforeEach
  void empty() {
    database.empty();
    database.run("UPDATE orphans_closed SET through = 0");
  }

  /** Pairs of an intent and its seal, numbered from {@code first} to {@code last}. */
  private void pairs(int first, int last, String age) {
    database.run(
        """
        INSERT INTO ledger_entry (number, written_at, kind, request_id, issuance, canonical, sha256)
        SELECT i, clock_timestamp() - interval '%s',
            CASE WHEN i %% 2 = 1 THEN 'intent' ELSE 'sealed' END, NULL,
            md5(((i + 1) / 2)::text)::uuid, '', sha256('')
          FROM generate_series(%d, %d) AS i
        """
            .formatted(age, first, last));
  }

  private UUID withoutOutcome(int intent) {
    database.run("DELETE FROM ledger_entry WHERE number = " + (intent + 1));
    return database.one("SELECT issuance FROM ledger_entry WHERE number = " + intent, UUID.class);
  }

  private long closedThrough() {
    return database.count("ledger_entry e, orphans_closed s WHERE e.number <= s.through");
  }

  @Test
  void orphans_are_found_in_every_piece_of_a_long_ledger_and_the_young_are_left_alone() {
    pairs(1, 24_000, "5 minutes");
    pairs(24_001, 26_000, "10 seconds");
    var early = withoutOutcome(5);
    var middle = withoutOutcome(10_001);
    var late = withoutOutcome(23_999);
    var young = withoutOutcome(25_001);
    database.run("SELECT setval('ledger_number', 30000)");
    assertThat(ledger.closeOrphans(MINUTE)).containsExactly(early, middle, late);
    assertThat(closedThrough()).isEqualTo(24_000 - 3);
    assertThat(ledger.closeOrphans(MINUTE)).isEmpty();
    assertThat(ledger.closeOrphans(Duration.ZERO)).containsExactly(young);
  }

  @Test
  void a_clock_that_was_ahead_for_a_moment_hides_no_orphan() {
    pairs(1, 100, "5 minutes");
    pairs(101, 110, "-1 day");
    pairs(111, 200, "5 minutes");
    var behind = withoutOutcome(151);
    database.run("SELECT setval('ledger_number', 1000)");
    assertThat(ledger.closeOrphans(MINUTE)).containsExactly(behind);
  }

  @Test
  void a_clock_that_was_ahead_for_thousands_of_entries_hides_an_orphan_from_one_call_only() {
    pairs(1, 100, "5 minutes");
    pairs(101, 5_000, "-1 day");
    pairs(5_001, 5_200, "5 minutes");
    var before = withoutOutcome(51);
    var behind = withoutOutcome(5_151);
    database.run("SELECT setval('ledger_number', 10000)");
    assertThat(ledger.closeOrphans(MINUTE)).containsExactly(before);
    assertThat(ledger.closeOrphans(MINUTE)).containsExactly(behind);
  }

  @Test
  void only_one_replica_looks_at_a_time() {
    pairs(1, 10, "5 minutes");
    var orphan = withoutOutcome(3);
    database.run("SELECT setval('ledger_number', 1000)");
    database.run("BEGIN; SELECT pg_advisory_xact_lock(6021, 2)");
    assertThat(ledger.closeOrphans(MINUTE)).isEmpty();
    database.run("COMMIT");
    assertThat(ledger.closeOrphans(MINUTE)).containsExactly(orphan);
  }

  private static String oldIntent(UUID issuance) {
    return """
    INSERT INTO ledger_entry (number, written_at, kind, issuance, canonical, sha256)
    VALUES (nextval('ledger_number'), clock_timestamp() - interval '5 minutes', 'intent', '%s', '',
      sha256(''))
    """
        .formatted(issuance);
  }

  @Test
  void an_intent_whose_commit_hangs_is_not_passed_by() throws SQLException {
    var hanging = UUID.randomUUID();
    var seen = UUID.randomUUID();
    try (var other = database.asSuperuser();
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(oldIntent(hanging));
      database.run(oldIntent(seen));
      assertThat(ledger.closeOrphans(MINUTE)).as("what is before it is not all there").isEmpty();
      other.commit();
      assertThat(ledger.closeOrphans(MINUTE)).containsExactly(hanging, seen);
    }
  }

  private String versionOf(String table) {
    return database.one("SELECT xmin::text FROM " + table, String.class);
  }

  @Test
  void what_all_who_issue_read_is_not_written_for_orphans() {
    pairs(1, 10, "5 minutes");
    database.run("SELECT setval('ledger_number', 1000)");
    var ofTheSwitch = versionOf("broker_state");
    var before = versionOf("orphans_closed");
    ledger.closeOrphans(MINUTE);
    var after = versionOf("orphans_closed");
    assertThat(after).isNotEqualTo(before);
    assertThat(ledger.closeOrphans(MINUTE)).isEmpty();
    assertThat(versionOf("orphans_closed")).as("nothing was new").isEqualTo(after);
    assertThat(versionOf("broker_state")).isEqualTo(ofTheSwitch);
  }
}
