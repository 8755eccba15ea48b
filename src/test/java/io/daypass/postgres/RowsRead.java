package io.daypass.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** What a session's statements read, whatever they answer. */
record RowsRead(Connection session) {

  void run(String sql) throws SQLException {
    try (var statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  /** How many rows and index entries {@code sql} reads. */
  long by(String sql) throws SQLException {
    var before = soFar();
    run(sql);
    return soFar() - before;
  }

  private long soFar() throws SQLException {
    run("SELECT pg_stat_force_next_flush()");
    try (var statement = session.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))
                FROM pg_stat_user_tables WHERE schemaname = 'daypass'
                """)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
