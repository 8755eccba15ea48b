package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.ledger.Checkpoint;
import io.daypass.ledger.CheckpointStore.Growth;
import io.daypass.ledger.CheckpointStore.More;
import io.daypass.ledger.CheckpointStore.Next;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.LedgerQuery;
import io.daypass.ledger.MerkleTree;
import io.daypass.request.OpenLimits;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresCheckpointsTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final String ROOT = new MerkleTree().root();

  private final TestDatabase database = TestDatabase.shared();
  private final Database replica = database.open(2);
  private final PostgresLedger ledger =
      new PostgresLedger(replica, new OpenLimits(5, 5), () -> "in force");
  private final PostgresCheckpoints checkpoints = new PostgresCheckpoints(replica);

  @BeforeEach
  void empty() {
    database.empty();
    database.run("TRUNCATE ledger_checkpoint");
  }

  @AfterAll
  void close() {
    replica.close();
    database.close();
  }

  private void write(int entries) {
    for (var entry = 0; entry < entries; entry++) {
      ledger.append(Entry.ofBroker(EntryKind.POLICY_LOADED, Map.of("roles", entry)));
    }
  }

  private Growth growth() {
    return checkpoints.growth(Duration.ZERO, HOUR, 100);
  }

  private More more() {
    return Objects.requireNonNull(growth().more());
  }

  private long lastDrawn() {
    return database.one("SELECT last_value FROM ledger_number", Long.class);
  }

  private static Next next(long sequence, long through, long size) {
    return new Next(sequence, through, new Checkpoint("a/ledger", size, ROOT), "", "a.b.c");
  }

  /** Draws a number in a transaction that goes on. */
  private static Connection writing(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("SELECT append_entry('stop', NULL, NULL, NULL, 'staff', 'pat', '{}')");
    }
    return connection;
  }

  @Test
  void the_leaves_are_the_hashes_of_the_entries_bytes_in_their_order() {
    write(3);
    var entries = ledger.read(new LedgerQuery(null, null, null, null, null, 0, 10));
    var leaves = new StringBuilder();
    for (var entry : entries) {
      var bytes = entry.canonical().getBytes(StandardCharsets.UTF_8);
      leaves.append(HexFormat.of().formatHex(MerkleTree.leaf(bytes)));
    }
    assertThat(entries).hasSize(3);
    assertThat(growth())
        .isEqualTo(new Growth(null, Duration.ZERO, new More(lastDrawn(), leaves.toString(), true)));
  }

  @Test
  void what_is_kept_is_the_newest_and_what_comes_after_it_is_what_is_more() {
    write(2);
    var through = more().through();
    var kept = checkpoints.keep(next(1, through, 2)).orElseThrow();
    assertThat(checkpoints.latest()).contains(kept);
    assertThat(kept.checkpoint()).isEqualTo(new Checkpoint("a/ledger", 2, ROOT));
    assertThat(growth().more()).isNull();
    assertThat(growth().since()).isEqualTo(kept);
    write(1);
    assertThat(more().leaves()).hasSize(64);
    assertThat(checkpoints.growth(HOUR, HOUR, 100).more()).isNull();
  }

  @Test
  void the_first_one_is_due_at_once() {
    write(1);
    assertThat(checkpoints.growth(HOUR, HOUR, 100).more()).isEqualTo(more());
  }

  @Test
  void one_that_is_old_is_due_again_although_nothing_came() {
    write(1);
    checkpoints.keep(next(1, more().through(), 1));
    database.run("UPDATE ledger_checkpoint SET at = at - interval '2 hours'");
    assertThat(growth().age()).isBetween(HOUR.multipliedBy(2), HOUR.multipliedBy(3));
    assertThat(more()).isEqualTo(new More(lastDrawn(), "", true));
  }

  @Test
  void of_a_long_ledger_so_many_come_at_a_time() {
    write(5);
    var first = Objects.requireNonNull(checkpoints.growth(Duration.ZERO, HOUR, 2).more());
    assertThat(first.isAll()).isFalse();
    assertThat(first.leaves()).hasSize(2 * 64);
    assertThat(first.through()).isEqualTo(lastDrawn() - 3);
    checkpoints.keep(next(1, first.through(), 2));
    assertThat(more().leaves()).hasSize(3 * 64);
  }

  @Test
  void e4_nothing_is_due_while_somebody_who_drew_a_smaller_number_still_writes()
      throws SQLException {
    write(1);
    try (var slow = writing(database.asService())) {
      write(1);
      assertThat(growth().more()).isNull();
      slow.commit();
      assertThat(more().leaves()).hasSize(3 * 64);
    }
  }

  @Test
  void e4_a_number_whose_writer_went_back_is_no_gap() throws SQLException {
    write(1);
    try (var slow = writing(database.asService())) {
      slow.rollback();
    }
    write(1);
    assertThat(more())
        .satisfies(more -> {
          assertThat(more.leaves()).hasSize(2 * 64);
          assertThat(more.through()).isEqualTo(lastDrawn());
        });
  }

  @Test
  void somebody_who_only_reads_for_long_holds_nothing_up() throws SQLException {
    write(1);
    try (var reader = database.asSuperuser()) {
      reader.setAutoCommit(false);
      try (var statement = reader.createStatement()) {
        statement.execute("LOCK TABLE ledger_entry IN ACCESS SHARE MODE");
        statement.execute(
            "SELECT count(*), (SELECT last_value FROM ledger_number) FROM ledger_entry");
        assertThat(more().leaves()).hasSize(64);
      }
    }
  }

  @Test
  void f16_of_two_that_follow_the_same_one_is_kept_and_none_is_shorter() {
    assertThat(checkpoints.keep(next(1, 10, 5))).isPresent();
    assertThat(checkpoints.keep(next(1, 10, 5))).isEmpty();
    assertThat(checkpoints.keep(next(3, 10, 5))).isEmpty();
    for (var shorter : List.of(next(2, 10, 4), next(2, 9, 5))) {
      assertThatThrownBy(() -> checkpoints.keep(shorter))
          .rootCause()
          .hasMessageContaining("does not become shorter");
    }
    assertThat(checkpoints.keep(next(2, 10, 5))).isPresent();
    assertThat(database.count("ledger_checkpoint")).isEqualTo(2);
  }

  @Test
  void e6_the_service_changes_and_removes_none() throws SQLException {
    checkpoints.keep(next(1, 10, 5));
    try (var service = database.asService();
        var statement = service.createStatement()) {
      for (var sql :
          List.of(
              "INSERT INTO ledger_checkpoint SELECT 2, 10, 'a', 5, '', '', '', now()",
              "UPDATE ledger_checkpoint SET size = 4",
              "DELETE FROM ledger_checkpoint",
              "TRUNCATE ledger_checkpoint")) {
        assertThatThrownBy(() -> statement.execute(sql)).hasMessageContaining("permission denied");
      }
    }
  }

  private void alreadyKept(int checkpoints) {
    database.run(
        """
        INSERT INTO ledger_checkpoint
        SELECT i, 10 + i, 'a/ledger', 5, '', '', 'a.b.c', clock_timestamp()
          FROM generate_series(1, %d) AS i
        """
            .formatted(checkpoints));
  }

  @Test
  void the_newest_1800_stay_and_older_ones_go_a_hundred_at_a_time() {
    alreadyKept(2000);
    assertThat(checkpoints.keep(next(2001, 3000, 5))).isPresent();
    assertThat(database.count("ledger_checkpoint")).isEqualTo(1901);
    assertThat(checkpoints.keep(next(2002, 3000, 5))).isPresent();
    assertThat(database.count("ledger_checkpoint")).isEqualTo(1802);
    var newest = checkpoints.keep(next(2003, 3000, 5)).orElseThrow();
    assertThat(database.count("ledger_checkpoint")).isEqualTo(1800);
    assertThat(database.one("SELECT min(sequence) FROM ledger_checkpoint", Long.class))
        .isEqualTo(204);
    assertThat(checkpoints.latest()).contains(newest);
    assertThat(growth().since()).isEqualTo(newest);
  }

  @Test
  void while_somebody_writes_for_long_what_the_newest_one_holds_is_certain_and_it_alone_is_read()
      throws SQLException {
    alreadyKept(1000);
    try (var slow = writing(database.asService());
        var session = database.asSuperuser()) {
      assertThat(database.one("SELECT ledger_settled()", Long.class)).isEqualTo(1010);
      assertThat(new RowsRead(session).by("SELECT ledger_settled()")).isLessThan(20);
      slow.rollback();
    }
  }
}
