package io.daypass.cloud.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Overheard;
import io.daypass.cloud.Waits;
import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.gcp.StandInAccount;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Faults;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on the way to Google and back. Deadlines are short, time-outs of tests long. */
@Timeout(60)
class GoogleFaultsTest {

  private static final String STS = "gcp.sts";
  private static final String IAM = "gcp.iamcredentials";

  private final Bench bench = new Bench();

  @AfterEach
  void stop() {
    bench.close();
  }

  /** What a JVM does for the first time can take it longer than a short deadline. */
  private void warmUp() throws MintException {
    assertThat(bench.cloud.mint(Bench.grant().recorded())).isNotNull();
  }

  @Test
  void f20_a_refused_connection_fails_fast_and_left_nothing_behind() throws Exception {
    URI nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    for (var way :
        Map.of(nobody, bench.endpoint("iam-credentials"), bench.endpoint("sts"), nobody)
            .entrySet()) {
      try (var cloud = bench.cloud(way.getKey(), way.getValue(), Waits.QUICK, bench.keys)) {
        assertThat(failure(cloud, Bench.grant())).isEqualTo(Reason.CLOUD_UNREACHABLE);
      }
    }
  }

  @Test
  void f20_after_too_many_failures_a_project_is_left_alone_and_others_are_not() throws Exception {
    for (int i = 0; i < 20; i++) {
      iam().next(new Fault.Refuse(500, "INTERNAL"), 3);
      assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_FAILED);
    }
    assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_BUSY);
    assertThat(bench.cloud.heldBack()).isEqualTo(1);
    assertThat(bench.cloud.turn(Bench.grant().target())).isEmpty();
    var other = "daypass@other-project.iam.gserviceaccount.com";
    bench.sandbox.gcp().add(StandInAccount.of(other, GcpStandIn.principal("role:gcp-logs")));
    assertThat(bench.cloud.turn(Bench.target(other))).isPresent();
    assertThat(bench.cloud.mint(Bench.grant().to(Bench.target(other)).recorded())).isNotNull();
  }

  @Test
  void a_refusal_never_closes_a_project_to_others() throws Exception {
    for (int i = 0; i < 40; i++) {
      assertThat(failure(Bench.grant().called("gcp-storage"))).isEqualTo(Reason.CLOUD_REFUSED);
    }
    assertThat(bench.cloud.mint(Bench.grant().recorded())).isNotNull();
  }

  static Stream<Fault> silences() {
    return Stream.of(new Fault.Hang(), new Fault.Drip(Duration.ofMillis(20)), new Fault.Endless());
  }

  @ParameterizedTest
  @MethodSource("silences")
  void f21_an_exchange_that_drips_is_over_at_the_deadline_and_not_asked_for_twice(Fault silence)
      throws Exception {
    warmUp();
    sts().always(silence);
    try (var cloud = bench.cloud(Waits.SHORT, bench.keys)) {
      assertThat(failure(cloud, Bench.grant())).isEqualTo(Reason.CLOUD_FAILED);
    }
    assertThat(bench.calls(STS, "token")).as("one, and the first of all").isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("silences")
  void f21_a_token_that_drips_is_over_at_the_deadline_and_not_asked_for_twice(Fault silence)
      throws Exception {
    warmUp();
    iam().always(silence);
    try (var cloud = bench.cloud(Waits.SHORT, bench.keys)) {
      assertThat(failure(cloud, Bench.grant())).isEqualTo(Reason.CLOUD_FAILED);
    }
    assertThat(bench.calls(IAM, "generateAccessToken"))
        .as("one, and the first of all")
        .isEqualTo(2);
    assertThat(Reason.CLOUD_FAILED.mayExist()).isTrue();
  }

  @Test
  void f24_an_answer_cut_off_is_lost_and_not_asked_for_twice() {
    iam().always(new Fault.Cut());
    assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_FAILED);
    assertThat(bench.calls(IAM, "generateAccessToken")).isEqualTo(1);
    sts().always(new Fault.Cut());
    assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_FAILED);
    assertThat(bench.calls(STS, "token")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "500, INTERNAL, CLOUD_FAILED",
    "503, UNAVAILABLE, CLOUD_FAILED",
    "429, RESOURCE_EXHAUSTED, CLOUD_THROTTLED"
  })
  void f22_passing_trouble_is_tried_three_times_with_one_assertion_and_one_exchange(
      int status, String code, Reason reason) throws Exception {
    sts().next(new Fault.Refuse(status, code), 2);
    assertThat(bench.cloud.mint(Bench.grant().recorded())).isNotNull();
    assertThat(bench.calls(STS, "token")).isEqualTo(3);
    iam().next(new Fault.Refuse(status, code), 2);
    assertThat(bench.cloud.mint(Bench.grant().recorded())).isNotNull();
    assertThat(bench.calls(STS, "token")).isEqualTo(4);
    assertThat(bench.calls(IAM, "generateAccessToken")).isEqualTo(4);
    iam().next(new Fault.Refuse(status, code), 3);
    assertThat(failure(Bench.grant())).isEqualTo(reason);
    assertThat(bench.calls(IAM, "generateAccessToken")).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_ARGUMENT, CLOUD_REFUSED",
    "401, UNAUTHENTICATED, CLOUD_REFUSED",
    "403, PERMISSION_DENIED, CLOUD_REFUSED",
    "404, NOT_FOUND, CLOUD_REFUSED",
    "302, FOUND, CLOUD_ANSWER_WRONG",
    "202, ACCEPTED, CLOUD_ANSWER_WRONG",
    "307, TEMPORARY, CLOUD_ANSWER_WRONG"
  })
  void f22_a_lasting_refusal_is_final_at_once_and_leads_nowhere_else(
      int status, String code, Reason reason) {
    var elsewhere =
        new Fault.Rewrite(_ ->
            Reply.json(status, new JsonObject().put("error", new JsonObject().put("status", code)))
                .with("Location", bench.sandbox.url() + "/gcp/sts/v1/token")
                .with("WWW-Authenticate", "Bearer error=\"invalid_token\""));
    iam().next(elsewhere, 1);
    assertThat(failure(Bench.grant())).isEqualTo(reason);
    assertThat(bench.calls(IAM, "generateAccessToken")).isEqualTo(1);
    assertThat(bench.calls(STS, "token")).isEqualTo(1);
  }

  @Test
  void f22_retry_after_is_obeyed_or_the_attempt_is_given_up() throws Exception {
    var later =
        new Fault.Rewrite(
            reply -> new Reply(429, "application/json", "{}", Map.of("Retry-After", "3600")));
    sts().next(later, 1);
    assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_THROTTLED);
    assertThat(bench.calls(STS, "token")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "7",
        "\"text\"",
        "<html>Bad gateway</html>",
        "{\"accessToken\":",
        "{\"access_token\":{\"a\":1},\"accessToken\":[1],\"expireTime\":{}}",
        "not json at all"
      })
  void f24_what_is_no_answer_of_google_releases_nothing(String body) {
    sts().next(Fault.say("application/json", body), 1);
    assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_ANSWER_WRONG);
    iam().next(Fault.say("application/json", body), 1);
    assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_ANSWER_WRONG);
    assertThat(bench.calls(IAM, "generateAccessToken")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void f24_a_deep_answer_is_no_stack_overflow(String step) {
    for (var faults : new Faults[] {sts(), iam()}) {
      faults.next(Fault.say("application/json", "{\"accessToken\":" + step.repeat(10_000)), 1);
      assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_ANSWER_WRONG);
      faults.next(
          new Fault.Rewrite(_ -> new Reply(403, "application/json", step.repeat(10_000), Map.of())),
          1);
      assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_REFUSED);
    }
  }

  @Test
  void f24_an_answer_of_10_mib_is_not_read_and_a_packed_one_not_unpacked() {
    iam().next(Fault.large(10 << 20), 1);
    assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_FAILED);
    iam().next(new Fault.Rewrite(reply -> reply.with("Content-Encoding", "gzip")), 1);
    assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_ANSWER_WRONG);
  }

  @Test
  void an_interrupted_mint_ends_at_once_and_stays_interrupted() {
    var caller = Thread.currentThread();
    iam()
        .next(
            new Fault.Rewrite(reply -> {
              caller.interrupt();
              return reply.withBody("");
            }),
            1);
    assertThat(failure(Bench.grant())).isIn(Reason.CLOUD_FAILED, Reason.CLOUD_ANSWER_WRONG);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void p7_no_assertion_and_no_token_reaches_the_log_however_google_words_its_refusal() {
    try (var overheard = new Overheard()) {
      iam()
          .next(
              new Fault.Rewrite(reply -> {
                var token = new JsonObject(reply.body()).getString("accessToken");
                var error =
                    new JsonObject()
                        .put("status", "PERMISSION_DENIED")
                        .put("message", "bad " + token + "\u0085 for " + token);
                return Reply.json(403, new JsonObject().put("error", error));
              }),
              1);
      assertThat(failure(Bench.grant())).isEqualTo(Reason.CLOUD_REFUSED);
      var ours = overheard.ofTheClouds();
      assertThat(ours).hasSize(1);
      var event = ours.getFirst();
      assertThat(event.getFormattedMessage()).isEqualTo("cloud.mint.failed");
      assertThat(event.getThrowableProxy()).isNull();
      assertThat(event.getKeyValuePairs().toString())
          .contains("PERMISSION_DENIED", "[cut]", "cloud_refused", Grants.ISSUANCE.toString())
          .doesNotContain("eyJ");
      assertThat(overheard.texts())
          .isNotEmpty()
          .noneMatch(text -> text.contains("eyJ"))
          .noneMatch(text -> text.contains("ya29.c."))
          .noneMatch(text -> text.contains("ya29.d."));
    }
  }

  private Faults sts() {
    return bench.sandbox.gcp().stsFaults();
  }

  private Faults iam() {
    return bench.sandbox.gcp().iamFaults();
  }

  private Reason failure(Grants grants) {
    return failure(bench.cloud, grants);
  }

  private static Reason failure(GoogleCloud cloud, Grants grants) {
    try {
      cloud.mint(grants.recorded());
      throw new AssertionError("minted");
    } catch (MintException e) {
      return e.reason();
    }
  }
}
