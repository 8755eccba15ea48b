package io.daypass.notice.post;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.daypass.notice.NotDelivered;
import io.daypass.notice.Post;
import io.daypass.notice.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom it believes over TLS; what else receivers do is told with the media. */
class HttpPostTest {

  private final TestAuthority authority = new TestAuthority();
  private final AtomicInteger taken = new AtomicInteger();
  private @Nullable HttpsServer server;

  private URI receiver(String name) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(authority.server(name)));
    server.createContext(
        "/",
        exchange -> {
          taken.incrementAndGet();
          var body = ("taken " + "x".repeat(5000)).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(202, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return URI.create("https://localhost:" + server.getAddress().getPort() + "/");
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private static Post.Reply send(SSLContext trust, URI to) throws NotDelivered {
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    try (var post = new HttpPost(trust, Duration.ofSeconds(20), threads)) {
      return post.send(to, Map.of(), new byte[3], 6);
    }
  }

  @Test
  void a_receiver_that_proves_its_name_is_sent_to_and_read_no_further_than_needed()
      throws Exception {
    var reply = send(authority.trust(), receiver("localhost"));
    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.body()).isEqualTo("taken ");
  }

  @Test
  void a_receiver_that_nobody_vouches_for_is_sent_nothing() throws Exception {
    refused(SSLContext.getDefault(), receiver("localhost"), "tls_not_accepted");
  }

  @Test
  void a_receiver_with_another_name_is_sent_nothing() throws Exception {
    refused(authority.trust(), receiver("other.example"), "tls_not_accepted");
  }

  @Test
  void who_is_stopping_waits_for_nobody() throws Exception {
    var receiver = receiver("localhost");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> send(authority.trust(), receiver))
          .isInstanceOfSatisfying(
              NotDelivered.class, e -> assertThat(e.code()).isEqualTo("stopping"));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private void refused(SSLContext trust, URI to, String code) {
    assertThatThrownBy(() -> send(trust, to))
        .isInstanceOfSatisfying(NotDelivered.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(taken).hasValue(0);
  }
}
