package io.daypass.postgres;

import io.daypass.request.RequestId;
import io.daypass.request.StoreUnavailableException;
import io.daypass.sandbox.postgres.PostgresSandbox;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A migrated database of a sandbox, and what tests do to it behind the broker's back. */
public final class TestDatabase implements AutoCloseable {

  private final PostgresSandbox server;
  private final io.daypass.sandbox.postgres.Database database;
  private final Vertx vertx = Vertx.vertx();
  private @Nullable Connection kept;

  TestDatabase(PostgresSandbox server) {
    this.server = server;
    this.database = server.newDatabase();
    Migrations.apply(owner(), PostgresSandbox.APP);
  }

  public static TestDatabase shared() {
    return new TestDatabase(PostgresSandbox.shared());
  }

  public DatabaseAddress owner() {
    return address(PostgresSandbox.OWNER, database.ownerPassword());
  }

  public DatabaseAddress service() {
    return address(PostgresSandbox.APP, database.appPassword());
  }

  private DatabaseAddress address(String user, String password) {
    return new DatabaseAddress(
        List.of(new DatabaseAddress.Host("localhost", database.port())),
        database.name(),
        user,
        password,
        DatabaseAddress.Tls.DISABLE,
        null);
  }

  Vertx vertx() {
    return vertx;
  }

  /** What one replica has, connected: the first connection of a cold machine may take its time. */
  public Database open(int connections) {
    var opened = Database.open(vertx, service(), connections, Patience.SERVICE);
    for (var attempt = 0; ; attempt++) {
      try {
        opened.row("SELECT 1", Tuple.tuple());
        opened.reservedRow("SELECT 1", Tuple.tuple());
        return opened;
      } catch (StoreUnavailableException e) {
        if (attempt == 20) {
          throw e;
        }
      }
    }
  }

  /** A connection of the service's role. */
  Connection asService() throws SQLException {
    var connection =
        DriverManager.getConnection(
            database.jdbcUrl(), PostgresSandbox.APP, database.appPassword());
    connection.setSchema(Migrations.SCHEMA);
    return connection;
  }

  /** A connection that may do anything. */
  Connection asSuperuser() throws SQLException {
    var connection = server.superuser(database.name());
    connection.setSchema(Migrations.SCHEMA);
    return connection;
  }

  // Kept, because tests look often; made anew when the server was killed.
  private Connection superuser() throws SQLException {
    if (kept == null || !kept.isValid(5)) {
      kept = asSuperuser();
    }
    return kept;
  }

  public synchronized void run(String sql) {
    try (var statement = superuser().createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  long count(String from) {
    return one("SELECT count(*) FROM " + from, Long.class);
  }

  /** Comes back when a call of {@code function} waits for a lock. */
  void awaitBlocked(String function) throws InterruptedException {
    while (count(
            "pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"
                + function
                + "%' AND pid <> pg_backend_pid()")
        == 0) {
      Thread.sleep(10);
    }
  }

  Instant now() {
    return one("SELECT clock_timestamp()", OffsetDateTime.class).toInstant();
  }

  synchronized <T> T one(String sql, Class<T> type) {
    try (var statement = superuser().createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getObject(1, type);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  void empty() {
    run(
        "TRUNCATE access_request, approval, person, seen_token, ledger_entry, signing_key,"
            + " unbound_identity, issued_place CASCADE;"
            + " UPDATE broker_state SET stopped = false");
  }

  void age(RequestId id, Duration by) {
    run(
        """
        UPDATE access_request SET made_at = made_at - make_interval(secs => %1$d),
          lapses_at = lapses_at - make_interval(secs => %1$d),
          grant_starts_at = grant_starts_at - make_interval(secs => %1$d),
          grant_ends_at = grant_ends_at - make_interval(secs => %1$d)
        WHERE id = '%2$s'
        """
            .formatted(by.toSeconds(), id));
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
