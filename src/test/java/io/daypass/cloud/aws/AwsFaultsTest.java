package io.daypass.cloud.aws;

import static io.daypass.cloud.aws.StrictSts.answering;
import static io.daypass.cloud.aws.StrictSts.error;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Waits;
import io.daypass.cloud.wire.CleanText;
import io.daypass.cloud.wire.Limits;
import io.daypass.cloud.wire.RetryAfter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What goes wrong on the way to AWS and back. Deadlines are short, time-outs of tests long. */
@Timeout(60)
class AwsFaultsTest {

  private static final Limits SHORT =
      Waits.of(Duration.ofMillis(400), Duration.ofMillis(200), Duration.ofMillis(300));

  private final Bench bench = new Bench();

  @AfterEach
  void stop() {
    bench.close();
  }

  /** What a JVM does for the first time can take it longer than a short deadline. */
  private void warmUp() throws MintException {
    assertThat(bench.cloud.mint(Grants.standard().recorded())).isNotNull();
  }

  @Test
  void f20_a_refused_connection_fails_fast_and_left_nothing_behind() throws Exception {
    URI nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    assertThat(failure(nobody, Waits.QUICK)).isEqualTo(Reason.CLOUD_UNREACHABLE);
    assertThat(Reason.CLOUD_UNREACHABLE.mayExist()).isFalse();
  }

  @Test
  void f20_an_unknown_host_fails_fast() {
    assertThat(failure(URI.create("https://sts.invalid"), SHORT))
        .isIn(Reason.CLOUD_UNREACHABLE, Reason.CLOUD_FAILED);
  }

  @Test
  void f20_after_too_many_failures_an_account_is_left_alone_and_others_are_not() throws Exception {
    for (int i = 0; i < 20; i++) {
      bench.sts.next(error(500, "Oops"), error(500, "Oops"), error(500, "Oops"));
      assertThat(failure(Grants.standard())).isEqualTo(Reason.CLOUD_FAILED);
    }
    assertThat(failure(Grants.standard())).isEqualTo(Reason.CLOUD_BUSY);
    assertThat(bench.sts.calls()).hasSize(60);
    var other = Grants.aws("arn:aws:iam::210987654321:role/x", null);
    assertThat(bench.cloud.mint(Grants.standard().to(other).recorded())).isNotNull();
  }

  @Test
  void an_account_is_asked_again_after_a_while() throws Exception {
    try (var cloud = cloud(bench.sts.at("/sts"), quick(1, 2, Duration.ofMillis(1)))) {
      bench.sts.next(answering(500, ""), answering(500, ""));
      assertThat(failure(cloud, Grants.standard())).isEqualTo(Reason.CLOUD_FAILED);
      assertThat(failure(cloud, Grants.standard())).isEqualTo(Reason.CLOUD_FAILED);
      Thread.sleep(5);
      assertThat(cloud.mint(Grants.standard().recorded())).isNotNull();
    }
  }

  @Test
  void a_refusal_never_closes_an_account_to_others() throws Exception {
    for (int i = 0; i < 40; i++) {
      bench.sts.next(error(403, "AccessDenied"));
      assertThat(failure(Grants.standard())).isEqualTo(Reason.CLOUD_REFUSED);
    }
    assertThat(bench.sts.calls()).hasSize(40);
    assertThat(bench.cloud.mint(Grants.standard().recorded())).isNotNull();
  }

  @Test
  void more_calls_at_once_than_allowed_wait_for_their_turn() throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var another = new CountDownLatch(2);
    StrictSts.Fault counted =
        exchange -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          another.countDown();
          // So long that whoever need not wait for this one finds it still there.
          await(another, Duration.ofMillis(300));
          inside.decrementAndGet();
          StrictSts.send(exchange, 403, StrictSts.errorXml("AccessDenied", "no"));
        };
    bench.sts.next(counted, counted, counted);
    try (var cloud = cloud(bench.sts.at("/sts"), quick(1, 20, Duration.ofMinutes(1)));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          Stream.generate(() -> threads.submit(() -> failure(cloud, Grants.standard())))
              .limit(3)
              .toList();
      for (var call : calls) {
        assertThat(call.get()).isEqualTo(Reason.CLOUD_REFUSED);
      }
      assertThat(bench.sts.calls()).hasSize(3);
      assertThat(cloud.mint(Grants.standard().recorded())).isNotNull();
    }
    assertThat(most).hasValue(1);
  }

  private static void await(CountDownLatch latch, Duration atMost) {
    try {
      var _ = latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nX-Slow: ",
        "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
        ""
      })
  void f21_an_answer_that_drips_is_over_at_the_deadline_and_not_asked_for_twice(String begun)
      throws Exception {
    warmUp();
    try (var server = new RawServer(RawServer.dripping(begun))) {
      assertThat(failure(server.at(), SHORT)).isEqualTo(Reason.CLOUD_FAILED);
      assertThat(server.connections).hasValue(1);
      assertThat(Reason.CLOUD_FAILED.mayExist()).isTrue();
    }
  }

  @Test
  void f21_a_platform_thread_is_not_held_past_the_deadline_either() throws Exception {
    try (var server = new RawServer(_ -> Thread.sleep(Duration.ofMinutes(5)));
        var threads = Executors.newSingleThreadExecutor()) {
      var reason = threads.submit(() -> failure(server.at(), SHORT));
      assertThat(reason.get()).isEqualTo(Reason.CLOUD_FAILED);
    }
  }

  @Test
  void f23_an_answer_after_the_deadline_reaches_nobody() throws Exception {
    warmUp();
    var late = new CountDownLatch(1);
    bench.sts.next(exchange -> {
      try {
        late.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      StrictSts.send(exchange, 200, "too late");
    });
    assertThat(failure(bench.sts.at("/sts"), SHORT)).isEqualTo(Reason.CLOUD_FAILED);
    late.countDown();
    assertThat(bench.sts.calls()).as("one, and the first of all").hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "500, InternalFailure, CLOUD_FAILED",
    "503, ServiceUnavailable, CLOUD_FAILED",
    "503, SlowDown, CLOUD_THROTTLED",
    "400, IDPCommunicationError, CLOUD_FAILED",
    "400, InvalidIdentityToken, CLOUD_REFUSED",
    "400, Throttling, CLOUD_THROTTLED",
    "400, ThrottlingException, CLOUD_THROTTLED",
    "429, Whatever, CLOUD_THROTTLED"
  })
  void f22_passing_trouble_is_tried_three_times_with_one_assertion(
      int status, String code, Reason reason) throws Exception {
    bench.sts.next(error(status, code), error(status, code));
    assertThat(bench.cloud.mint(Grants.standard().recorded())).isNotNull();
    assertThat(bench.sts.calls()).hasSize(3);
    bench.sts.next(error(status, code), error(status, code), error(status, code));
    assertThat(failure(Grants.standard())).isEqualTo(reason);
    assertThat(bench.sts.calls()).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({
    "403, AccessDenied, CLOUD_REFUSED",
    "400, ExpiredTokenException, CLOUD_REFUSED",
    "400, MalformedPolicyDocument, CLOUD_REFUSED",
    "403, RegionDisabledException, CLOUD_REFUSED",
    "400, PackedPolicyTooLarge, SESSION_POLICY_TOO_LARGE",
    "404, <nonsense/>, CLOUD_REFUSED",
    "302, Moved, CLOUD_ANSWER_WRONG"
  })
  void f22_a_lasting_refusal_is_final_at_once(int status, String code, Reason reason) {
    bench.sts.next(error(status, code, "Location", "http://127.0.0.1:1/"));
    assertThat(failure(Grants.standard())).isEqualTo(reason);
    assertThat(bench.sts.calls()).hasSize(1);
  }

  @Test
  void f22_retry_after_is_obeyed_or_the_attempt_is_given_up() {
    bench.sts.next(error(503, "SlowDown", "Retry-After", "3600"));
    assertThat(failure(Grants.standard())).isEqualTo(Reason.CLOUD_THROTTLED);
    assertThat(bench.sts.calls()).hasSize(1);
    assertThat(RetryAfter.of("120")).isEqualTo(Duration.ofMinutes(2));
    assertThat(RetryAfter.of("Wed, 21 Oct 2026 07:28:00 GMT")).isNull();
    assertThat(RetryAfter.of("-1")).isNull();
  }

  @Test
  void f22_a_retry_after_of_no_time_is_no_pause() throws Exception {
    bench.sts.next(error(503, "SlowDown", "Retry-After", "0"));
    assertThat(bench.cloud.mint(Grants.standard().recorded())).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "<html>Bad gateway</html>",
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "\0<\0!\0D",
        "<a/>",
        "not xml at all"
      })
  void f24_what_is_no_answer_of_sts_releases_nothing(String body) {
    bench.sts.next(answering(200, body));
    assertThat(failure(Grants.standard())).isEqualTo(Reason.CLOUD_ANSWER_WRONG);
    assertThat(bench.sts.calls()).hasSize(1);
  }

  @Test
  void f24_an_xml_bomb_does_not_go_off() {
    var bomb = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e0 \"lol\">");
    for (int i = 1; i < 30; i++) {
      bomb.append("<!ENTITY e%d \"&e%d;&e%d;\">".formatted(i, i - 1, i - 1));
    }
    bench.sts.next(answering(200, bomb.append("]><a>&e29;</a>").toString()));
    assertThat(failure(Grants.standard())).isEqualTo(Reason.CLOUD_ANSWER_WRONG);
  }

  @Test
  void f24_an_answer_of_10_mib_is_not_read() {
    bench.sts.next(answering(200, "<a>" + "x".repeat(10 << 20) + "</a>"));
    assertThat(failure(Grants.standard())).isEqualTo(Reason.CLOUD_FAILED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<AssumeRole",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "garbage\r\n\r\n",
        ""
      })
  void f24_an_answer_cut_off_is_lost_and_not_asked_for_twice(String cut) throws Exception {
    try (var server = new RawServer(RawServer.saying(cut))) {
      assertThat(failure(server.at(), Waits.QUICK)).isEqualTo(Reason.CLOUD_FAILED);
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void an_interrupted_mint_ends_at_once_and_stays_interrupted() throws Exception {
    var caller = Thread.currentThread();
    try (var server =
            new RawServer(_ -> {
              caller.interrupt();
              Thread.sleep(Duration.ofMinutes(5));
            });
        var cloud = cloud(server.at(), Waits.QUICK)) {
      assertThat(failure(cloud, Grants.standard())).isEqualTo(Reason.CLOUD_FAILED);
      // Whoever comes interrupted sends nothing.
      assertThat(failure(cloud, Grants.standard())).isEqualTo(Reason.CLOUD_BUSY);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void p7_no_assertion_and_no_key_reaches_the_log_however_aws_words_its_refusal() {
    var logger = (Logger) LoggerFactory.getLogger(AwsCloud.class);
    var events = new ListAppender<ILoggingEvent>();
    events.start();
    logger.setLevel(Level.TRACE);
    logger.addAppender(events);
    try {
      bench.sts.next(exchange -> {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var token = body.replaceAll("(?s).*WebIdentityToken=([^&]*).*", "$1");
        StrictSts.send(
            exchange,
            403,
            StrictSts.errorXml("AccessDenied", "bad token " + token + "\u0085 for " + token));
      });
      assertThat(failure(Grants.standard())).isEqualTo(Reason.CLOUD_REFUSED);
    } finally {
      logger.detachAppender(events);
    }
    assertThat(events.list).hasSize(1);
    var event = events.list.getFirst();
    assertThat(event.getFormattedMessage()).isEqualTo("cloud.mint.failed");
    assertThat(event.getThrowableProxy()).isNull();
    assertThat(event.getKeyValuePairs().toString())
        .contains("bad token [cut]", "reason=\"cloud_refused\"", Grants.ISSUANCE.toString())
        .doesNotContain("eyJ");
  }

  @Test
  void text_for_the_log_is_short_and_printable() {
    assertThat(CleanText.of("a\r\nb\u202Ec ASIAABCDEFGH12345 " + "k".repeat(40)))
        .isEqualTo("a b c [cut] [cut]");
    assertThat(CleanText.of("word ".repeat(1000))).hasSize(300);
  }

  private static Limits quick(int concurrent, int breakAfter, Duration breakFor) {
    var q = Waits.QUICK;
    return new Limits(
        q.total(), q.connect(), q.attempt(), 1, q.backoff(), concurrent, breakAfter, breakFor);
  }

  private AwsCloud cloud(URI endpoint, Limits limits) {
    return bench.cloud(endpoint, endpoint, limits);
  }

  private Reason failure(URI endpoint, Limits limits) {
    try (var cloud = cloud(endpoint, limits)) {
      return failure(cloud, Grants.standard());
    }
  }

  private Reason failure(Grants grants) {
    return failure(bench.cloud, grants);
  }

  private static Reason failure(AwsCloud cloud, Grants grants) {
    try {
      cloud.mint(grants.recorded());
      throw new AssertionError("minted");
    } catch (MintException e) {
      return e.reason();
    }
  }
}
