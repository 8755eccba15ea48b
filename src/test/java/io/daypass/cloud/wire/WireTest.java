package io.daypass.cloud.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.WireException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that are kept, and what happens when the other side ends one. */
@Timeout(60)
class WireTest {

  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final Wire wire = new Wire(Duration.ofSeconds(10));
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private ServerSocket socket;

  @BeforeEach
  void listen() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
    socket.close();
  }

  /** Each connection plays {@code answers} to one request each, and ends after the last. */
  private void answer(String... answers) {
    Thread.ofVirtual()
        .start(() -> {
          while (!socket.isClosed()) {
            try {
              var client = socket.accept();
              connections.incrementAndGet();
              Thread.ofVirtual().start(() -> play(client, answers));
            } catch (IOException e) {
              return;
            }
          }
        });
  }

  private void play(Socket client, String... answers) {
    try (client) {
      for (var answer : answers) {
        // The request is small: it comes in one piece.
        if (client.getInputStream().read(new byte[64 * 1024]) < 0) {
          return;
        }
        requests.incrementAndGet();
        client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The other side hung up.
    }
  }

  private String ask() throws WireException {
    var at = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    var request = HttpRequest.newBuilder(at).POST(HttpRequest.BodyPublishers.ofString("x"));
    var answer = wire.exchange(request.build(), Deadline.in(Duration.ofSeconds(30)));
    return new String(answer.body(), StandardCharsets.US_ASCII);
  }

  /** How the first exchange that fails does: a connection is kept a moment after its answer. */
  private Kind failure() {
    while (true) {
      try {
        ask();
      } catch (WireException e) {
        return e.kind();
      }
    }
  }

  @Test
  void a_connection_is_kept_for_the_next_exchange() throws Exception {
    answer(ANSWER, ANSWER);
    while (requests.get() == connections.get()) {
      assertThat(ask()).isEqualTo("ok");
    }
  }

  @Test
  void a_kept_connection_that_ends_without_a_byte_of_answer_was_hung_up() throws Exception {
    answer(ANSWER, "");
    assertThat(failure()).isEqualTo(Kind.HUNG_UP);
  }

  @Test
  void a_new_connection_that_ends_without_a_byte_of_answer_has_lost_it() {
    answer("");
    assertThat(failure()).isEqualTo(Kind.LOST);
  }

  @Test
  void an_answer_that_had_begun_is_lost_on_a_kept_connection_too() throws Exception {
    answer(ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf");
    assertThat(failure()).isEqualTo(Kind.LOST);
  }

  @Test
  void what_was_hung_up_on_is_asked_again_and_what_was_lost_is_not() throws Exception {
    var limits =
        new Limits(
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            3,
            Duration.ofMillis(1),
            1,
            20,
            Duration.ofMinutes(5));
    var effort = new Effort(limits, RandomGenerator.getDefault());
    answer(ANSWER, "");
    for (int i = 0; i < 20 || requests.get() == connections.get(); i++) {
      assertThat(effort.<String>make(_ -> asked())).isEqualTo("ok");
    }

    var lost = Failure.of(new WireException(Kind.LOST));
    var times = new AtomicInteger();
    assertThatThrownBy(() ->
            effort.make(_ -> {
              times.incrementAndGet();
              throw lost;
            }))
        .isSameAs(lost);
    assertThat(lost.reason()).isEqualTo(Reason.CLOUD_FAILED);
    assertThat(times).hasValue(1);
  }

  private String asked() throws Failure {
    try {
      return ask();
    } catch (WireException e) {
      throw Failure.of(e);
    }
  }
}
