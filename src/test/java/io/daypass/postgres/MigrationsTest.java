package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.postgres.PostgresSandbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** How tables of an older version become those of this one, beside those who use them. */
class MigrationsTest {

  private final PostgresSandbox server = PostgresSandbox.shared();
  private final io.daypass.sandbox.postgres.Database database = server.newDatabase();
  private final DatabaseAddress owner =
      new DatabaseAddress(
          List.of(new DatabaseAddress.Host("localhost", database.port())),
          database.name(),
          PostgresSandbox.OWNER,
          database.ownerPassword(),
          DatabaseAddress.Tls.DISABLE,
          null);

  // As versions before this one left them.
  private void migrateTo(int version) {
    Flyway.configure()
        .dataSource(new OwnerSource(owner, Duration.ofSeconds(10)))
        .locations("classpath:io/daypass/postgres/migration")
        .schemas(Migrations.SCHEMA)
        .placeholders(Map.of("service_role", PostgresSandbox.APP))
        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
        .target(String.valueOf(version))
        .load()
        .migrate();
  }

  @Test
  void a_migration_that_has_to_wait_for_a_lock_lets_the_others_go_on_and_comes_again()
      throws Exception {
    migrateTo(18);
    try (var dump = superuser();
        var user = superuser();
        var looker = superuser();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      dump.setAutoCommit(false);
      run(dump, "SELECT 1 FROM approval");
      var migrated = threads.submit(() -> Migrations.apply(owner, PostgresSandbox.APP));
      var until = Instant.now().plus(Duration.ofMinutes(1));
      while (!someoneWaits(looker)) {
        assertThat(Instant.now()).isBefore(until);
        Thread.sleep(20);
      }
      // Behind the lock that is asked for everybody would wait, and for longer than they may.
      run(user, "SET statement_timeout = '10s'");
      run(user, "SELECT count(*) FROM approval");
      assertThat(migrated).isNotDone();
      dump.commit();
      assertThat(migrated.get(2, TimeUnit.MINUTES)).isEqualTo(Migrations.VERSION - 18);
    }
  }

  @Test
  void an_index_whose_making_was_broken_off_is_made_anew() throws SQLException {
    migrateTo(21);
    try (var superuser = superuser()) {
      run(superuser, "UPDATE flyway_schema_history SET success = false WHERE version = '21'");
      run(superuser, "DROP INDEX ledger_entry_kind");
      run(
          superuser,
          "UPDATE pg_index SET indisvalid = false"
              + " WHERE indexrelid = 'access_request_own'::regclass");

      assertThat(Migrations.apply(owner, PostgresSandbox.APP)).isEqualTo(Migrations.VERSION - 20);

      assertThat(
              holds(
                  superuser,
                  "SELECT count(*) = 2 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                      + " WHERE c.relname IN ('ledger_entry_kind', 'access_request_own')"
                      + " AND i.indisvalid"))
          .isTrue();
    }
  }

  private Connection superuser() throws SQLException {
    var connection = server.superuser(database.name());
    connection.setSchema(Migrations.SCHEMA);
    return connection;
  }

  private static boolean someoneWaits(Connection looker) throws SQLException {
    return holds(
        looker,
        "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            + " AND relation = 'approval'::regclass)");
  }

  private static boolean holds(Connection connection, String question) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(question)) {
      rows.next();
      return rows.getBoolean(1);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
