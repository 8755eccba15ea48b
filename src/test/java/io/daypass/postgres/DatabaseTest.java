package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.KeyStore.StoredKey;
import io.daypass.request.StoreUnavailableException;
import io.daypass.sandbox.postgres.PostgresSandbox;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseTest {

  private static final String LISTENERS =
      "pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";

  private final TestDatabase database = TestDatabase.shared();
  private final Database replica = database.open(2);

  @AfterAll
  void close() {
    replica.close();
    database.close();
  }

  @Test
  void f28_the_clock_is_the_databases_whatever_this_machine_says() {
    var machine = database.now().minus(Duration.ofMinutes(10));
    var clock = new DatabaseClock(replica, InstantSource.system());
    clock.measure();
    assertThat(clock.isTrustworthy()).isTrue();
    var wrong = new DatabaseClock(replica, () -> machine);
    wrong.measure();
    assertThat(wrong.difference()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
    assertThat(wrong.isTrustworthy()).isFalse();
    assertThat(wrong.instant()).isAfter(machine.plus(Duration.ofMinutes(9)));
  }

  @Test
  void f28_a_clock_that_is_turned_back_hides_no_silence_of_the_database() {
    var machine = new AtomicReference<>(database.now());
    var ticks = new AtomicLong();
    var clock = new DatabaseClock(replica, machine::get, ticks::get);
    assertThat(clock.answeredWithin(Duration.ofSeconds(10))).isFalse();
    clock.measure();
    assertThat(clock.answeredWithin(Duration.ofSeconds(10))).isTrue();
    machine.updateAndGet(now -> now.minus(Duration.ofMinutes(10)));
    ticks.addAndGet(Duration.ofSeconds(11).toNanos());
    assertThat(clock.answeredWithin(Duration.ofSeconds(10))).isFalse();
  }

  @Test
  void f19_a_serialization_failure_is_tried_again_and_then_given_up() {
    database.run(
        """
        CREATE SEQUENCE daypass.tries;
        GRANT USAGE ON daypass.tries TO daypass_app;
        CREATE FUNCTION daypass.fails(p_times int, p_code text) RETURNS int LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('daypass.tries') <= p_times THEN
            RAISE EXCEPTION 'again' USING ERRCODE = p_code;
          END IF;
          RETURN 42;
        END $$;
        """);
    for (var code : List.of("40001", "40P01")) {
      database.run("ALTER SEQUENCE daypass.tries RESTART");
      assertThat(replica.row("SELECT fails(2, $1)", Tuple.of(code)).getInteger(0)).isEqualTo(42);
    }
    database.run("ALTER SEQUENCE daypass.tries RESTART");
    assertThatThrownBy(() -> replica.row("SELECT fails(3, $1)", Tuple.of("40001")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasCauseInstanceOf(PgException.class);
    database.run("ALTER SEQUENCE daypass.tries RESTART");
    assertThatThrownBy(() -> replica.row("SELECT fails(1, $1)", Tuple.of("57014")))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void what_many_wait_for_goes_over_one_connection_as_long_as_one_is_enough() throws Exception {
    var sessions = new HashSet<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 40; i++) {
        sessions.add(threads.submit(this::session).get());
        // Asked for at once when the rows are there, as the next shared statement is.
        sessions.add(
            Database.answer(
                asked().compose(_ -> asked()).map(rows -> rows.iterator().next().getInteger(0))));
      }
    }
    assertThat(sessions).hasSize(1);
  }

  @Test
  void threads_that_ask_one_after_another_are_lent_the_same_connection() throws Exception {
    var sessions = new HashSet<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var several = database.open(4)) {
      for (var i = 0; i < 40; i++) {
        sessions.add(
            threads
                .submit(() -> several.row("SELECT pg_backend_pid()", Tuple.tuple()).getInteger(0))
                .get());
      }
    }
    assertThat(sessions).hasSize(1);
  }

  private Future<RowSet<Row>> asked() {
    return replica.sharedRows("SELECT pg_backend_pid()", Tuple.tuple(), Duration.ofSeconds(5));
  }

  private int session() {
    return Database.answer(asked()).iterator().next().getInteger(0);
  }

  @Test
  void what_many_wait_for_does_not_wait_behind_one_that_hangs() {
    var hanging = replica.sharedRows("SELECT pg_sleep(3)", Tuple.tuple(), Duration.ofSeconds(5));
    assertThat(session()).isPositive();
    assertThat(hanging.isComplete()).isFalse();
    Database.answer(hanging);
  }

  @Test
  void what_is_not_answered_in_its_time_is_not_known() {
    assertThatThrownBy(() -> Database.answer(sleeping(Duration.ofMillis(100))))
        .isInstanceOf(StoreUnavailableException.class)
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(session()).isPositive();
  }

  private Future<RowSet<Row>> sleeping(Duration within) {
    return replica.sharedRows("SELECT pg_sleep(1)", Tuple.tuple(), within);
  }

  @Test
  void no_plan_is_compiled_by_the_server_for_one_execution() {
    assertThat(setting("jit", "boot_val")).isEqualTo("on");
    assertThat(setting("jit", "setting")).isEqualTo("off");
  }

  private String setting(String name, String column) {
    return replica
        .row("SELECT " + column + " FROM pg_settings WHERE name = $1", Tuple.of(name))
        .getString(0);
  }

  @Test
  void decisions_read_what_was_committed_whatever_the_servers_default() {
    var isolation = replica.row("SHOW default_transaction_isolation", Tuple.tuple());
    assertThat(isolation.getString(0)).isEqualTo("read committed");
  }

  @Test
  void a_password_is_never_part_of_an_addresss_text() {
    assertThat(database.service().toString()).doesNotContain(database.service().password());
    assertThatThrownBy(() ->
            new DatabaseAddress(List.of(), "d", "u", "p", DatabaseAddress.Tls.VERIFY_FULL, null))
        .isInstanceOf(IllegalArgumentException.class);
    var strict =
        new DatabaseAddress(
            List.of(new DatabaseAddress.Host("db", 5432)),
            "d",
            "u",
            "p",
            DatabaseAddress.Tls.VERIFY_FULL,
            "/ca.pem");
    assertThat(strict.jdbcUrl(Duration.ofSeconds(10)))
        .contains("sslmode=verify-full", "sslrootcert=/ca.pem");
  }

  @Test
  void a_role_name_that_is_more_than_a_name_is_refused() {
    assertThatThrownBy(() -> Migrations.apply(database.owner(), "app; DROP TABLE x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Migrations.apply(database.owner(), "daypass_app")).isZero();
  }

  @Test
  void the_newest_migration_is_the_one_this_binary_was_written_for() {
    assertThat(Migrations.look(replica)).isEqualTo(Migrations.Schema.CURRENT);
  }

  @Test
  void f18_older_tables_are_refused_and_those_of_the_next_version_served_and_left_alone() {
    var newest = " WHERE version = '" + Migrations.VERSION + "'";
    database.run("UPDATE flyway_schema_history SET success = false" + newest);
    assertThat(Migrations.look(replica)).isEqualTo(Migrations.Schema.BEHIND);
    database.run("UPDATE flyway_schema_history SET success = true" + newest);
    database.run(
        "INSERT INTO flyway_schema_history SELECT 999, '999', 'of the next version', type, script,"
            + " checksum, installed_by, installed_on, execution_time, true"
            + " FROM flyway_schema_history"
            + newest);
    try {
      assertThat(Migrations.look(replica)).isEqualTo(Migrations.Schema.AHEAD);
      assertThat(Migrations.apply(database.owner(), PostgresSandbox.APP)).isZero();
    } finally {
      database.run("DELETE FROM flyway_schema_history WHERE version = '999'");
    }
    assertThat(Migrations.look(replica)).isEqualTo(Migrations.Schema.CURRENT);
  }

  @Test
  void keys_are_kept_and_one_of_two_rotations_in_the_same_minute_counts() {
    var keys = new PostgresKeys(replica);
    var at = Instant.parse("2026-11-21T09:00:00Z");
    keys.add(key("first", at));
    keys.add(key("second", at.plusSeconds(10)));
    keys.add(key("third", at.plusSeconds(3600)));
    assertThat(keys.load()).extracting(StoredKey::id).containsExactly("first", "third");
    assertThat(keys.load().getFirst()).isEqualTo(key("first", at));
    assertThat(database.count("ledger_entry WHERE kind = 'key_rotated'")).isEqualTo(2);
  }

  private static StoredKey key(String id, Instant useFrom) {
    return new StoredKey(id, Algorithm.ES256, "wrapped", "{}", useFrom, useFrom);
  }

  @Test
  void signals_reach_whoever_listens() throws InterruptedException {
    var heard = new LinkedBlockingQueue<String>();
    try (var _ = Signals.listen(database.vertx(), database.service(), heard::add)) {
      assertThat(signal(heard)).isEqualTo("keys");
    }
  }

  @Test
  void a_server_that_ends_the_connection_for_signals_is_listened_to_again_and_nothing_is_printed()
      throws Exception {
    var heard = new LinkedBlockingQueue<String>();
    var printed = new ByteArrayOutputStream();
    var standardError = System.err;
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (var _ = Signals.listen(database.vertx(), database.service(), heard::add)) {
      assertThat(signal(heard)).isEqualTo("keys");
      database.run("SELECT pg_terminate_backend(pid, 5000) FROM " + LISTENERS);
      heard.clear();
      assertThat(signal(heard)).isEqualTo("keys");
      assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    } finally {
      System.setErr(standardError);
    }
  }

  // Listening begins in its own time: speaks until it is heard.
  private @Nullable String signal(BlockingQueue<String> heard) throws InterruptedException {
    String signal = null;
    for (var i = 0; i < 100 && signal == null; i++) {
      database.run("SELECT pg_notify('daypass', 'keys')");
      signal = heard.poll(100, TimeUnit.MILLISECONDS);
    }
    return signal;
  }

  @Test
  void the_server_that_takes_writes_is_found_among_several() {
    var service = database.service();
    var hosts = List.of(new DatabaseAddress.Host("localhost", 1), service.hosts().getFirst());
    var several =
        new DatabaseAddress(
            hosts,
            service.database(),
            service.user(),
            service.password(),
            DatabaseAddress.Tls.DISABLE,
            null);
    try (var opened = Database.open(database.vertx(), several, 1, Patience.SERVICE)) {
      assertThat(opened.row("SELECT 1", Tuple.tuple()).getInteger(0)).isEqualTo(1);
    }
  }

  @Test
  void f1_a_database_that_is_not_there_stops_no_start() {
    var service = database.service();
    var nowhere =
        new DatabaseAddress(
            List.of(new DatabaseAddress.Host("localhost", 1)),
            service.database(),
            service.user(),
            service.password(),
            DatabaseAddress.Tls.DISABLE,
            null);
    try (var opened = Database.open(database.vertx(), nowhere, 1, Patience.SERVICE)) {
      assertThatThrownBy(() -> opened.row("SELECT 1", Tuple.tuple()))
          .isInstanceOf(StoreUnavailableException.class);
    }
  }
}
