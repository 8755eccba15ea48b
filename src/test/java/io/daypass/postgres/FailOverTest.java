package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.daypass.e2e.Until;
import io.daypass.request.StoreUnavailableException;
import io.daypass.sandbox.postgres.PostgresSandbox;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two servers, of which one takes writes at a time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailOverTest {

  private static final String WRITE =
      "INSERT INTO daypass.written VALUES ($1) RETURNING inet_server_port()";

  private final Vertx vertx = Vertx.vertx();
  private PostgresSandbox first;
  private PostgresSandbox second;

  @BeforeAll
  void start() throws IOException, SQLException {
    first = server();
    second = server();
  }

  private static PostgresSandbox server() throws IOException, SQLException {
    var server = PostgresSandbox.options().passwords("owner-pw-value", "app-pw-value").start();
    server.database("daypass");
    run(
        server,
        "CREATE SCHEMA daypass; CREATE TABLE daypass.written (what text);"
            + " GRANT USAGE ON SCHEMA daypass TO daypass_app;"
            + " GRANT INSERT, SELECT ON daypass.written TO daypass_app");
    return server;
  }

  @BeforeEach
  void the_first_takes_writes() throws SQLException, InterruptedException {
    readOnly(first, false);
    readOnly(second, true);
  }

  @AfterAll
  void stop() throws IOException {
    vertx.close().await();
    first.close();
    second.close();
  }

  @Test
  void f15_a_server_that_takes_no_more_writes_is_left_for_the_one_that_does() throws Exception {
    try (var database = open()) {
      assertThat(write(database)).isEqualTo(first.port());
      failOver();
      assertThat(write(database)).isEqualTo(second.port());
      assertThat(write(database)).isEqualTo(second.port());
    }
  }

  @Test
  void f15_statements_that_many_wait_for_go_to_the_server_that_takes_writes_too() throws Exception {
    try (var database = open()) {
      var shared = shared(database);
      assertThat(shared.ask("before").getInteger("port")).isEqualTo(first.port());
      failOver();
      assertThat(shared.ask("after").getInteger("port")).isEqualTo(second.port());
      // Not only because who is refused goes on alone, over another kind of connection.
      var rows =
          Database.answer(database.sharedRows(WRITE, Tuple.of("then"), Duration.ofSeconds(5)));
      assertThat(rows.iterator().next().getInteger(0)).isEqualTo(second.port());
    }
  }

  @Test
  void f15_while_no_server_takes_writes_each_is_refused_and_the_next_one_that_does_is_found()
      throws Exception {
    var before = written(first);
    try (var database = open()) {
      assertThat(write(database)).isEqualTo(first.port());
      readOnly(first, true);
      for (var i = 0; i < 3; i++) {
        assertThatThrownBy(() -> write(database)).isInstanceOf(StoreUnavailableException.class);
      }
      assertThat(written(first)).isEqualTo(before + 1);
      readOnly(first, false);
      reaches(database, first);
    }
  }

  @Test
  void f15_signals_are_heard_from_the_server_that_takes_writes() throws Exception {
    var heard = new LinkedBlockingQueue<String>();
    try (var _ = Signals.listen(vertx, address(), heard::add, Duration.ofMillis(100))) {
      assertThat(hears(heard, first)).isTrue();
      failOver();
      assertThat(hears(heard, second)).isTrue();
    }
  }

  @Test
  void f14_a_first_host_that_says_nothing_holds_nobody_up() throws Exception {
    failOver();
    try (var mute = MuteServer.start();
        var database =
            Database.open(vertx, address(mute.port(), second.port()), 4, Patience.SERVICE)) {
      reaches(database, second);
      run(
          second,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'daypass_app'");
      reaches(database, second);
      Until.holds("nothing stays connected to the host that says nothing", mute::isLeft);
    }
  }

  @Test
  void f14_the_other_host_is_found_once_it_takes_writes_beside_one_that_says_nothing()
      throws Exception {
    try (var mute = MuteServer.start();
        var database =
            Database.open(vertx, address(mute.port(), second.port()), 4, Patience.SERVICE)) {
      assertThatThrownBy(() -> write(database)).isInstanceOf(StoreUnavailableException.class);
      failOver();
      reaches(database, second);
    }
  }

  @Test
  void f14_a_host_that_stands_alone_and_says_nothing_lets_nobody_wait_for_ever() throws Exception {
    try (var mute = MuteServer.start();
        var database = Database.open(vertx, address(mute.port()), 4, Patience.SERVICE)) {
      assertThatThrownBy(() -> write(database)).isInstanceOf(StoreUnavailableException.class);
    }
  }

  @Test
  void f14_signals_are_heard_beside_a_first_host_that_says_nothing() throws Exception {
    failOver();
    var heard = new LinkedBlockingQueue<String>();
    try (var mute = MuteServer.start()) {
      var both = address(mute.port(), second.port());
      try (var _ = Signals.listen(vertx, both, heard::add, Duration.ofMillis(100))) {
        assertThat(hears(heard, second)).isTrue();
      }
      Until.holds("nothing stays connected to the host that says nothing", mute::isLeft);
    }
  }

  @Test
  void f14_who_listens_leaves_nothing_connected_to_a_host_that_says_nothing() throws Exception {
    try (var mute = MuteServer.start()) {
      try (var _ = Signals.listen(vertx, address(mute.port()), _ -> {}, Duration.ofMillis(100))) {
        Until.holds("it is tried", () -> mute.came() > 0);
      }
      Until.holds("nothing stays connected to it", mute::isLeft);
    }
  }

  @Test
  void f15_a_server_that_takes_longer_than_the_next_one_is_given_is_found_all_the_same() {
    var primary =
        new Primary(
            vertx, address(first.port(), second.port()), Duration.ofMillis(1), Patience.SERVICE);
    assertThat(found(primary)).isEqualTo(first.port());
  }

  @Test
  void f15_the_server_that_was_found_last_is_asked_first() throws Exception {
    try (var gone = MuteServer.thatHangsUp()) {
      var primary =
          new Primary(
              vertx, address(gone.port(), first.port()), Duration.ofMinutes(1), Patience.SERVICE);
      assertThat(found(primary)).isEqualTo(first.port());
      assertThat(found(primary)).isEqualTo(first.port());
      assertThat(gone.came()).isEqualTo(1);
    }
  }

  @Test
  void f15_where_no_server_takes_writes_none_is_found() throws Exception {
    readOnly(first, true);
    var primary = Primary.of(vertx, address(), Patience.SERVICE);
    assertThatThrownBy(() -> found(primary)).hasMessage("this server takes no writes");
    assertThat(
            catchThrowableOfType(
                    StoreUnavailableException.class,
                    () -> Migrations.apply(address(), PostgresSandbox.APP))
                .why())
        .isEqualTo("no server that is named takes writes");
  }

  private static int found(Primary primary) {
    return primary.find().await().getPort();
  }

  /** Until a write is done there; those before may be refused. */
  private static void reaches(Database database, PostgresSandbox server)
      throws InterruptedException {
    Until.holds("a write is done there", () -> tried(database) == server.port());
  }

  /** Said again and again, since one that is said while nobody listens is lost. */
  private static boolean hears(BlockingQueue<String> heard, PostgresSandbox server)
      throws Exception {
    var signal = "request of " + server.port();
    for (var i = 0; i < 200; i++) {
      run(server, "NOTIFY daypass, '" + signal + "'");
      var said = heard.poll(100, TimeUnit.MILLISECONDS);
      if (signal.equals(said)) {
        return true;
      }
    }
    return false;
  }

  private Database open() {
    return Database.open(vertx, address(), 4, Patience.SERVICE);
  }

  private DatabaseAddress address() {
    return address(first.port(), second.port());
  }

  private static DatabaseAddress address(int... ports) {
    var hosts =
        IntStream.of(ports).mapToObj(port -> new DatabaseAddress.Host("localhost", port)).toList();
    return new DatabaseAddress(
        hosts, "daypass", PostgresSandbox.APP, "app-pw-value", DatabaseAddress.Tls.DISABLE, null);
  }

  private static SharedStatement<String> shared(Database database) {
    return new SharedStatement<>(
        database,
        asked ->
            new SharedStatement.Sql(
                "INSERT INTO daypass.written SELECT unnest($1::text[])"
                    + " RETURNING inet_server_port() AS port, 1::bigint AS item",
                Tuple.of(asked.toArray(String[]::new))));
  }

  private static int write(Database database) {
    return database.row(WRITE, Tuple.of("a row")).getInteger(0);
  }

  private static int tried(Database database) {
    try {
      return write(database);
    } catch (StoreUnavailableException e) {
      return 0;
    }
  }

  private void failOver() throws SQLException, InterruptedException {
    readOnly(first, true);
    readOnly(second, false);
  }

  /** From the next statement on, of sessions that are there too. */
  private static void readOnly(PostgresSandbox server, boolean on)
      throws SQLException, InterruptedException {
    run(server, "ALTER SYSTEM SET default_transaction_read_only = " + on);
    run(server, "SELECT pg_reload_conf()");
    // A new session has it only when all others have been told.
    Until.holds(
        "the server's settings are read again",
        () ->
            one(server, "SELECT current_setting('default_transaction_read_only')::boolean::int")
                == (on ? 1 : 0));
  }

  private static long written(PostgresSandbox server) throws SQLException {
    return one(server, "SELECT count(*) FROM daypass.written");
  }

  private static long one(PostgresSandbox server, String sql) throws SQLException {
    try (var connection = server.superuser("daypass");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void run(PostgresSandbox server, String sql) throws SQLException {
    try (var connection = server.superuser("daypass");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
