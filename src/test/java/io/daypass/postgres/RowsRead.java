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

  /** Has the session plan {@code sql} so often over next to nothing that it keeps the plan. */
  void plan(String sql) throws SQLException {
    for (int i = 0; i < 7; i++) {
      run(sql);
      run("ANALYZE");
    }
  }

  /** How many rows and index entries {@code sql} reads. */
  long by(String sql) throws SQLException {
    // Within one transaction, whose counters are this session's alone: all others hold what other
    // sessions read before and report late.
    session.setAutoCommit(false);
    try {
      var before = soFar();
      run(sql);
      var read = soFar() - before;
      session.commit();
      return read;
    } finally {
      session.rollback();
      session.setAutoCommit(true);
    }
  }

  private long soFar() throws SQLException {
    try (var statement = session.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))
                FROM pg_stat_xact_user_tables WHERE schemaname = 'daypass'
                """)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
