package io.daypass.cloud.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.WireException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
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

  private HttpRequest request() {
    var at = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    return HttpRequest.newBuilder(at).POST(HttpRequest.BodyPublishers.ofString("x")).build();
  }

  private String ask() throws WireException {
    var answer = wire.exchange(request(), Deadline.in(Duration.ofSeconds(30)));
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

  @Test
  void a_redirect_is_an_answer_and_is_not_followed() throws Exception {
    answer("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nno");
    assertThat(ask()).isEqualTo("no");
    assertThat(requests).hasValue(1);
  }

  @Test
  void an_answer_that_drips_is_cut_at_its_deadline() throws Exception {
    var dripping = Thread.ofVirtual().start(this::drip);
    assertThatThrownBy(() -> wire.exchange(request(), Deadline.in(Duration.ofMillis(500))))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOST));
    // The connection is closed, so that nobody goes on writing to it.
    assertThat(dripping.join(Duration.ofSeconds(20))).isTrue();
  }

  private void drip() {
    try (var client = socket.accept()) {
      while (true) {
        client.getOutputStream().write('H');
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      // The other side hung up.
    }
  }

  @Test
  void an_answer_of_more_bytes_than_allowed_is_lost() {
    answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnine byte");
    assertThatThrownBy(() -> wire.exchange(request(), Deadline.in(Duration.ofSeconds(30)), 8))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOST));
  }

  @Test
  void where_nobody_listens_nothing_was_sent() throws Exception {
    socket.close();
    assertThat(failure()).isEqualTo(Kind.NOT_SENT);
  }

  @Test
  void the_proxy_of_the_jvm_is_gone_through() throws Exception {
    answer(ANSWER);
    var before = ProxySelector.getDefault();
    var proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    ProxySelector.setDefault(ProxySelector.of(proxy));
    try (var proxied = new Wire(Duration.ofSeconds(10))) {
      var far = HttpRequest.newBuilder(URI.create("http://sts.invalid/")).build();
      var answer = proxied.exchange(far, Deadline.in(Duration.ofSeconds(30)));
      assertThat(answer.statusCode()).isEqualTo(200);
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  private String asked() throws Failure {
    try {
      return ask();
    } catch (WireException e) {
      throw Failure.of(e);
    }
  }

  /** Finds every host at the loopback address, once {@code let} lets it. */
  private record SlowNames(CountDownLatch let) implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      try {
        let.await();
      } catch (InterruptedException e) {
        throw new UnknownHostException(host);
      }
      return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  private WireException failure(Wire asked, Deadline deadline) {
    var at = URI.create("http://sts.example:" + socket.getLocalPort() + "/");
    return catchThrowableOfType(
        WireException.class, () -> asked.exchange(HttpRequest.newBuilder(at).build(), deadline));
  }

  @Test
  void a_name_that_is_not_found_in_time_is_a_host_that_was_not_asked() throws Exception {
    answer(ANSWER);
    var let = new CountDownLatch(1);
    var trust = SSLContext.getDefault();
    try (var slow = new Wire(Duration.ofMillis(100), trust, new SlowNames(let))) {
      // An answer to the look-up would be waited for until the test is stopped.
      var failure = failure(slow, Deadline.in(Duration.ofSeconds(30)));
      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure).hasMessageContaining("UnknownHostException");
      assertThat(connections).hasValue(0);
      let.countDown();
      assertThat(failure(slow, Deadline.in(Duration.ofSeconds(30)))).isNull();
    }
  }
}
