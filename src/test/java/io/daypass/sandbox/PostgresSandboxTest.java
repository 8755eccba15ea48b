package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.sandbox.postgres.Database;
import io.daypass.sandbox.postgres.PostgresSandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresSandboxTest {

  @TempDir private Path folder;

  @Test
  void the_owner_makes_tables_and_the_service_may_use_only_what_it_is_granted()
      throws SQLException {
    var database = PostgresSandbox.shared().newDatabase();
    try (var owner = owner(database)) {
      run(owner, "CREATE TABLE t (n int)");
      run(owner, "GRANT INSERT, SELECT ON t TO daypass_app");
    }
    try (var app = app(database)) {
      run(app, "INSERT INTO t VALUES (1)");
      assertThatThrownBy(() -> run(app, "DELETE FROM t")).hasMessageContaining("permission denied");
      assertThatThrownBy(() -> run(app, "CREATE TABLE mine (n int)"))
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void a_wrong_password_is_refused() {
    var database = PostgresSandbox.shared().newDatabase();
    assertThatThrownBy(() -> connect(database, "daypass_app", "wrong"))
        .hasMessageContaining("authentication failed");
  }

  @Test
  void fresh_databases_are_apart() {
    var server = PostgresSandbox.shared();
    assertThat(server.newDatabase().name()).isNotEqualTo(server.newDatabase().name());
  }

  @Test
  void where_another_server_listens_none_is_started_and_that_one_is_left_alone() throws Exception {
    var first = PostgresSandbox.shared();
    var database = first.newDatabase();
    assertThatThrownBy(() -> PostgresSandbox.options().port(first.port()).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another Postgres listens on port " + first.port());
    try (var owner = owner(database)) {
      run(owner, "CREATE TABLE still_ours (n int)");
    }
  }

  @Test
  void what_was_committed_survives_a_kill_and_a_restart() throws Exception {
    try (var server = PostgresSandbox.options().data(folder.resolve("pg")).durable().start()) {
      var database = server.database("daypass");
      try (var owner = owner(database)) {
        run(owner, "CREATE TABLE kept (n int)");
        server.kill();
        assertThatThrownBy(() -> run(owner, "SELECT 1")).isInstanceOf(SQLException.class);
      }
      server.restart();
      assertThat(server.database("daypass")).isEqualTo(database);
      try (var owner = owner(database)) {
        run(owner, "SELECT n FROM kept");
      }
    }
  }

  @Test
  void a_frozen_server_says_nothing_until_it_thaws() throws Exception {
    try (var server = PostgresSandbox.options().data(folder.resolve("pg")).start()) {
      try (var owner = owner(server.newDatabase())) {
        server.freeze();
        owner.setNetworkTimeout(Runnable::run, 300);
        assertThatThrownBy(() -> run(owner, "SELECT 1")).isInstanceOf(SQLException.class);
      } finally {
        server.thaw();
      }
      try (var owner = owner(server.newDatabase())) {
        run(owner, "SELECT 1");
      }
    }
  }

  private static Connection owner(Database database) throws SQLException {
    return connect(database, "daypass_owner", database.ownerPassword());
  }

  private static Connection app(Database database) throws SQLException {
    return connect(database, "daypass_app", database.appPassword());
  }

  private static Connection connect(Database database, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), user, password);
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
