package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.daypass.request.StoreUnavailableException;
import io.daypass.sandbox.postgres.PostgresSandbox;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A database that takes its time to let somebody in, and one that never does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowLoginTest {

  private static final String NOT_IN_TIME = "the database did not answer in time";
  // More than the service waits for, and less than a command does.
  private static final Duration SLOW = Duration.ofMillis(2_500);

  private final TestDatabase database = TestDatabase.shared();

  @AfterAll
  void close() {
    database.close();
  }

  private static DatabaseAddress at(int port, DatabaseAddress like) {
    return new DatabaseAddress(
        List.of(new DatabaseAddress.Host("localhost", port)),
        like.database(),
        like.user(),
        like.password(),
        DatabaseAddress.Tls.DISABLE,
        null);
  }

  private int one(DatabaseAddress address, Patience patience) {
    try (var opened = Database.open(database.vertx(), address, 1, patience)) {
      return opened.row("SELECT 1", Tuple.tuple()).getInteger(0);
    }
  }

  private StoreUnavailableException trouble(DatabaseAddress address) {
    return catchThrowableOfType(
        StoreUnavailableException.class, () -> one(address, Patience.SERVICE));
  }

  @Test
  void a_command_waits_for_a_login_for_which_the_service_does_not() throws IOException {
    try (var slow = slow(database.service().hosts().getFirst().port())) {
      var address = at(slow.getLocalPort(), database.service());
      assertThat(one(address, Patience.COMMAND)).isEqualTo(1);
      assertThat(trouble(address).why()).isEqualTo(NOT_IN_TIME);
    }
  }

  @Test
  void a_login_that_is_not_answered_is_late_and_is_not_told_as_a_matter_of_tls()
      throws IOException {
    try (var mute = MuteServer.start()) {
      var trouble = trouble(at(mute.port(), database.service()));
      assertThat(trouble.why()).isEqualTo(NOT_IN_TIME);
      assertThat(trouble.isLate()).isTrue();
    }
  }

  private int migrate(List<Integer> ports) {
    var owner = database.owner();
    var hosts = ports.stream().map(port -> new DatabaseAddress.Host("localhost", port)).toList();
    var address =
        new DatabaseAddress(
            hosts,
            owner.database(),
            owner.user(),
            owner.password(),
            DatabaseAddress.Tls.DISABLE,
            null);
    return Migrations.apply(address, PostgresSandbox.APP, Duration.ofSeconds(1));
  }

  @Test
  void migrations_wait_for_a_login_for_so_long_and_not_as_for_an_index() throws IOException {
    try (var mute = MuteServer.start()) {
      var trouble =
          catchThrowableOfType(
              StoreUnavailableException.class, () -> migrate(List.of(mute.port())));
      assertThat(trouble.why()).isEqualTo(NOT_IN_TIME);
      assertThat(trouble.isLate()).isTrue();
    }
  }

  @Test
  void migrations_go_on_where_another_host_lets_them_in() throws IOException {
    try (var mute = MuteServer.start()) {
      var port = database.owner().hosts().getFirst().port();
      assertThat(migrate(List.of(mute.port(), port))).isZero();
    }
  }

  @Test
  void who_is_hung_up_on_is_told_of_tls() throws IOException {
    try (var gone = MuteServer.thatHangsUp()) {
      var trouble = trouble(at(gone.port(), database.service()));
      assertThat(trouble.why()).contains("look at its TLS");
      assertThat(trouble.isLate()).isFalse();
    }
  }

  /** Leads to Postgres at {@code port}, after a while. */
  private static ServerSocket slow(int port) throws IOException {
    var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          while (!socket.isClosed()) {
            try {
              var client = socket.accept();
              Thread.ofVirtual().start(() -> lead(client, port));
            } catch (IOException _) {
              return;
            }
          }
        });
    return socket;
  }

  private static void lead(Socket client, int port) {
    try (client) {
      Thread.sleep(SLOW);
      try (var server = new Socket(InetAddress.getLoopbackAddress(), port)) {
        Thread.ofVirtual().start(() -> copy(client, server));
        server.getInputStream().transferTo(client.getOutputStream());
      }
    } catch (IOException _) {
      // One of them has gone.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket client, Socket server) {
    try {
      client.getInputStream().transferTo(server.getOutputStream());
    } catch (IOException _) {
      // One of them has gone, and the other way ends by itself.
    }
  }
}
