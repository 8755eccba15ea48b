package io.daypass.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** How much statements of one session read, whatever it planned them for. */
record Reads(Connection session) {

  void run(String sql) throws SQLException {
    try (var statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  /** How many rows and index entries {@code sql} reads. */
  long of(String sql) throws SQLException {
    var before = read();
    run(sql);
    return read() - before;
  }

  private long read() throws SQLException {
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
