package io.daypass.cli.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneTimeLinkTest {

  private static final String TARGET = "https://signin.example.com/federation?SigninToken=s3cret";

  private final HttpClient browser = HttpClient.newHttpClient();
  private boolean ours = true;
  private OneTimeLink link;

  @BeforeEach
  void serve() throws IOException {
    link = new OneTimeLink(new Secret(TARGET), "unguessable", (its, our) -> ours);
  }

  @AfterEach
  void stop() {
    link.close();
    browser.close();
  }

  private HttpResponse<String> get(URI url, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(url);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void d7_the_browser_is_led_on_once_without_a_trace() throws Exception {
    assertThat(link.url().toString()).startsWith("http://127.0.0.1:").doesNotContain("s3cret");
    var led = get(link.url(), "Sec-Fetch-Site", "none");
    assertThat(led.statusCode()).isEqualTo(302);
    assertThat(led.headers().firstValue("Location")).hasValue(TARGET);
    assertThat(led.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(led.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(link.awaitTaken(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void d7_whoever_comes_second_gets_nothing() throws Exception {
    get(link.url());
    var second = get(link.url());
    assertThat(second.statusCode()).isEqualTo(410);
    assertThat(second.headers().firstValue("Location")).isEmpty();
    assertThat(second.body()).doesNotContain("s3cret");
  }

  @Test
  void d7_other_paths_methods_pages_and_people_get_nothing_and_leave_it_to_the_browser()
      throws Exception {
    assertThat(get(link.url().resolve("/")).statusCode()).isEqualTo(404);
    assertThat(get(link.url().resolve("/unguessablf")).statusCode()).isEqualTo(404);
    assertThat(get(URI.create(link.url() + "?x=1")).statusCode()).isEqualTo(404);
    assertThat(get(link.url(), "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
    var post = HttpRequest.newBuilder(link.url()).POST(HttpRequest.BodyPublishers.noBody()).build();
    assertThat(browser.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(405);
    ours = false;
    assertThat(get(link.url()).statusCode()).isEqualTo(403);
    assertThat(link.awaitTaken(Duration.ZERO)).isFalse();
    ours = true;
    assertThat(get(link.url()).statusCode()).isEqualTo(302);
  }

  @Test
  void d7_a_name_that_was_made_to_lead_here_is_refused() throws Exception {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), link.url().getPort()));
      var ask = "GET /unguessable HTTP/1.1\r\nHost: evil.example.com\r\n\r\n";
      socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 421").doesNotContain("s3cret");
    }
  }

  @Test
  void d7_the_socket_of_another_person_is_known_by_its_port(@TempDir Path proc) throws Exception {
    Files.createSymbolicLink(proc.resolve("self"), proc);
    var own = (Integer) Files.getAttribute(proc, "unix:uid");
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(
        proc.resolve("net/tcp"),
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
           0: 0100007F:1F90 0100007F:A001 01 00000000:00000000 00:00000000 00000000  %d 0 1
           1: 0100007F:1F91 0100007F:A001 06 00000000:00000000 00:00000000 00000000  0 0 2
           2: 0100007F:1F91 0100007F:A002 01 00000000:00000000 00:00000000 00000000  %d 0 2
           3: 0100007F:1F91 0100007F:A001 01 00000000:00000000 00:00000000 00000000  %d 0 2
           4: 0A00000A:1F92 0100007F:A001 01 00000000:00000000 00:00000000 00000000  4711 0 3
        """
            .formatted(own, own, own + 4711));
    Files.writeString(
        proc.resolve("net/tcp6"),
        """
          sl  local_address rem_address st tx_queue rx_queue tr tm->when retrnsmt uid
           0: 0000000000000000FFFF00000100007F:1F93 0000000000000000FFFF00000100007F:A001 01 0:0 00:0 0  %d 0 1
        """
            .formatted(own + 1));
    var peers = new Peers(proc);
    assertThat(peers.isOurs(0x1f90, 0xa001)).isTrue();
    assertThat(peers.isOurs(0x1f91, 0xa001)).as("neither a dead nor another connection").isFalse();
    assertThat(peers.isOurs(0x1f93, 0xa001)).isFalse();
    assertThat(peers.isOurs(0x1f92, 0xa001)).as("not of this machine's loopback").isTrue();
    assertThat(peers.isOurs(0x1f99, 0xa001)).as("not listed, as in a container").isTrue();
  }

  @Test
  void the_browser_has_its_answer_before_the_command_may_end() throws Exception {
    for (int i = 0; i < 100; i++) {
      CompletableFuture<HttpResponse<String>> answer;
      try (var brief = OneTimeLink.of(new Secret(TARGET), "unguessable")) {
        var request = HttpRequest.newBuilder(brief.url()).build();
        answer = browser.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        assertThat(brief.awaitTaken(Duration.ofSeconds(20))).isTrue();
      }
      assertThat(answer.get(20, TimeUnit.SECONDS).headers().firstValue("Location"))
          .hasValue(TARGET);
    }
  }

  @Test
  void a_real_browser_of_ours_is_ours() throws Exception {
    try (var real = OneTimeLink.of(new Secret(TARGET), "unguessable")) {
      assertThat(get(real.url()).statusCode()).isEqualTo(302);
    }
  }
}
