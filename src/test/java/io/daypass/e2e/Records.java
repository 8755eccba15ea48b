package io.daypass.e2e;

import io.daypass.sandbox.postgres.Database;
import io.daypass.sandbox.postgres.PostgresSandbox;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands in the database, looked at past the broker. */
final class Records implements AutoCloseable {

  private final PostgresSandbox postgres;
  private final Database database;
  private @Nullable Connection kept;

  Records(PostgresSandbox postgres, Database database) {
    this.postgres = postgres;
    this.database = database;
  }

  /** A connection that may do anything. */
  Connection superuser() throws SQLException {
    return postgres.superuser(database.name());
  }

  // Kept, because tests look often; made anew when the server was killed.
  private Connection looking() throws SQLException {
    if (kept == null || !kept.isValid(5)) {
      kept = superuser();
    }
    return kept;
  }

  /** A connection with the rights that the service has. */
  Connection service() throws SQLException {
    return DriverManager.getConnection(
        database.jdbcUrl(), PostgresSandbox.APP, database.appPassword());
  }

  /** Holds a request's row, so that T1 and T2 wait, until closed. */
  Connection lock(String request) throws SQLException {
    var connection = superuser();
    connection.setAutoCommit(false);
    try (var statement =
        connection.prepareStatement(
            "SELECT 1 FROM daypass.access_request WHERE id = ? FOR UPDATE")) {
      statement.setString(1, request);
      statement.executeQuery();
    }
    return connection;
  }

  /** Waits until a call of {@code function} waits for a lock. */
  void awaitBlocked(String function) throws InterruptedException {
    Until.holds(function + " waits for a lock", () -> isBlocked(function));
  }

  /** Whether a call of {@code function} waits for a lock. */
  boolean isBlocked(String function) throws SQLException {
    return count(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                + " AND query LIKE '%' || ? || '%' AND pid <> pg_backend_pid()",
            function)
        > 0;
  }

  synchronized long count(String sql, String... parameters) throws SQLException {
    try (var statement = prepared(looking(), sql, parameters);
        var rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  synchronized List<String> texts(String sql, String... parameters) throws SQLException {
    try (var statement = prepared(looking(), sql, parameters);
        var rows = statement.executeQuery()) {
      var texts = new ArrayList<String>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  private static PreparedStatement prepared(Connection connection, String sql, String... parameters)
      throws SQLException {
    var statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setString(i + 1, parameters[i]);
    }
    return statement;
  }

  /** How often the ledger has a seal for a credential. */
  long seals(String accessKeyId) throws SQLException {
    return count(
        "SELECT count(*) FROM daypass.ledger_entry WHERE kind = 'sealed'"
            + " AND convert_from(canonical, 'UTF8')::jsonb #>> '{detail,credential}' = ?",
        accessKeyId);
  }

  /** The kinds of the entries about an issuance or a request, in order. */
  List<String> kinds(String request) throws SQLException {
    return texts(
        "SELECT kind FROM daypass.ledger_entry WHERE request_id = ? ORDER BY number", request);
  }

  /** The same, of what was made in a cloud for a request. */
  List<String> bindings(String request) throws SQLException {
    return kinds(request).stream().filter(kind -> kind.startsWith("binding")).toList();
  }

  /** The intents that nothing came of. */
  List<String> openIntents() throws SQLException {
    return texts(
        "SELECT i.issuance::text FROM daypass.ledger_entry i WHERE i.kind = 'intent' AND NOT EXISTS"
            + " (SELECT 1 FROM daypass.ledger_entry o WHERE o.issuance = i.issuance"
            + " AND o.kind IN ('sealed', 'failed', 'unknown', 'orphaned'))");
  }

  /** Closes, as a replica does a minute later, the intents that nothing came of; says which. */
  List<String> closeOrphans() throws SQLException, InterruptedException {
    var closed = new ArrayList<String>();
    // A replica that is closing old ones just now makes others pass by.
    Until.holds(
        "every intent has its end",
        () -> {
          closed.addAll(closeOnce());
          return openIntents().isEmpty();
        });
    return closed;
  }

  private List<String> closeOnce() throws SQLException {
    try (var connection = service();
        var statement = connection.createStatement()) {
      statement.execute("SET search_path TO daypass");
      try (var rows = statement.executeQuery("SELECT close_orphans(interval '0 seconds')::text")) {
        var closed = new ArrayList<String>();
        while (rows.next()) {
          closed.add(rows.getString(1));
        }
        return closed;
      }
    }
  }

  /** All entries of the ledger as text. */
  String ledger() throws SQLException {
    return String.join(
        "\n",
        texts("SELECT convert_from(canonical, 'UTF8') FROM daypass.ledger_entry ORDER BY number"));
  }

  @Override
  public synchronized void close() throws SQLException {
    if (kept != null) {
      kept.close();
    }
  }
}
