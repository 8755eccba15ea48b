package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.demo.Walk;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A revocation ends the live sessions of its request in AWS, those of no other, and says so. */
class RevokedSessionsTest {

  private static final int ROUNDS = 40;

  private static World world;
  private static Api a;
  private static Api b;

  @BeforeAll
  static void start() throws Exception {
    world = World.cutting("info");
    a = world.replica().awaitReady().api();
    b = world.replica().awaitReady().api();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void all_is_well() {
    world.sandbox.aws().iamFaults().clear();
    world.sandbox.aws().stsFaults().clear();
    world.sandbox.aws().propagation(Duration.ZERO);
    for (var person : List.of("alice", "dave")) {
      for (var left :
          a.get("/v1/requests?mine=true&state=approved", world.person(person)).list("requests")) {
        a.on(left.getString("id"), "return", world.person(person)).is(200);
      }
    }
  }

  private record Session(String request, String keyId) {

    boolean lives() {
      return new Api(world.sandbox.url())
          .get("/aws/allowed?access_key_id=" + keyId)
          .json()
          .getBoolean("allowed");
    }

    JsonObject read() {
      return b.get("/v1/requests/" + request, world.person("erin")).is(200).json();
    }

    String cut() {
      return read().getJsonObject("sessions_cut", new JsonObject()).getString("state", "none");
    }

    void revoke() {
      a.on(request, "revoke", world.person("pat"), "reason", "enough").is(200);
    }

    void awaitCut() throws InterruptedException {
      Until.holds(request + " is cut", () -> cut().equals("applied"));
    }
  }

  private static Session session(String person) {
    var id = a.ask(world.person(person), "staging-admin", "1h", "work");
    return another(id, person);
  }

  private static Session another(String request, String person) {
    var keys = a.credentials("staging-admin", world.person(person)).is(200);
    assertThat(keys.header("Daypass-Request")).isEqualTo(request);
    return new Session(request, keys.text("AccessKeyId"));
  }

  @Test
  void p5_a_revoked_request_s_sessions_are_denied_everything_and_nobody_else_s() throws Exception {
    var first = session("alice");
    var second = another(first.request(), "alice");
    var bystander = session("dave");
    assertThat(first.lives()).isTrue();
    assertThat(first.cut()).isEqualTo("none");
    first.revoke();
    first.awaitCut();
    assertThat(first.lives()).isFalse();
    assertThat(second.lives()).isFalse();
    assertThat(bystander.lives()).isTrue();
    assertThat(bystander.cut()).isEqualTo("none");
    var told = first.read().getJsonObject("sessions_cut");
    assertThat(told.getInstant("asked_at")).isBefore(told.getInstant("applied_at"));
    assertThat(told.getInstant("effective_after"))
        .isEqualTo(told.getInstant("applied_at").plusSeconds(120));
    assertThat(world.records.kinds(first.request()))
        .containsSubsequence("sealed", "revoked", "cut_applied");
    var browser = new Browser(world).at(world.replicas().getFirst());
    browser.signIn("erin");
    assertThat(browser.get("/requests/" + first.request()).is(200).body())
        .contains("Live sessions", "AWS was told to deny them everything", "Effective everywhere");
    assertThat(first.read().getJsonObject("after_end").getString("detail"))
        .contains("once AWS has taken note");
  }

  @Test
  void what_is_given_back_is_cut_and_a_new_request_of_the_same_person_is_not() throws Exception {
    var back = session("alice");
    a.on(back.request(), "return", world.person("alice")).is(200);
    var next = session("alice");
    back.awaitCut();
    assertThat(back.lives()).isFalse();
    assertThat(next.lives()).isTrue();
  }

  @Test
  void while_iam_is_away_the_revocation_holds_and_the_cut_is_said_to_be_asked() throws Exception {
    world.sandbox.aws().iamFaults().always(Fault.outage());
    var session = session("alice");
    session.revoke();
    a.credentials("staging-admin", world.person("alice")).is(403, "grant_revoked");
    assertThat(session.cut()).isEqualTo("asked");
    assertThat(session.lives()).as("and so it is said").isTrue();
    world.sandbox.aws().iamFaults().clear();
    session.awaitCut();
    assertThat(session.lives()).isFalse();
  }

  @Test
  void an_answer_that_is_lost_or_wrong_is_no_cut_until_iam_has_said_so() throws Exception {
    var session = session("alice");
    world.sandbox.aws().iamFaults().next(new Fault.Cut(), 1);
    world.sandbox.aws().iamFaults().next(Fault.html(), 1);
    world.sandbox.aws().stsFaults().next(Fault.throttling(), 3);
    session.revoke();
    session.awaitCut();
    assertThat(session.lives()).isFalse();
    assertThat(world.records.kinds(session.request())).containsOnlyOnce("cut_applied");
  }

  @Test
  void until_aws_acts_upon_it_the_request_says_when_it_should_have() throws Exception {
    world.sandbox.aws().propagation(Duration.ofSeconds(60));
    var session = session("alice");
    session.revoke();
    session.awaitCut();
    assertThat(session.lives()).as("AWS is eventually consistent").isTrue();
    assertThat(session.read().getJsonObject("sessions_cut").getInstant("effective_after"))
        .isAfter(Instant.now());
  }

  @Test
  void p10_sessions_that_race_a_revocation_on_two_replicas_are_cut_or_were_never_handed_out()
      throws Exception {
    var request = a.ask(world.person("alice"), "staging-admin", "1h", "work");
    var out = new ArrayList<CompletableFuture<Api.Answer>>();
    for (int i = 0; i < ROUNDS; i++) {
      out.add((i % 2 == 0 ? a : b).credentialsLater("staging-admin", world.person("alice")));
      if (i == ROUNDS / 2) {
        a.on(request, "revoke", world.person("pat"), "reason", "enough").is(200);
      }
    }
    var sessions =
        out.stream()
            .map(Api::wait)
            .filter(answer -> answer.status() == 200)
            .map(answer -> new Session(request, answer.text("AccessKeyId")))
            .toList();
    assertThat(sessions).isNotEmpty();
    sessions.getFirst().awaitCut();
    assertThat(sessions).noneMatch(Session::lives);
  }

  @Test
  void the_demo_holds_and_prints_no_secret() throws Exception {
    var out = new ByteArrayOutputStream();
    int steps =
        new Walk(
                world.url(),
                world.sandbox.url(),
                new PrintStream(out, true, StandardCharsets.UTF_8))
            .run();
    var text = out.toString(StandardCharsets.UTF_8);
    assertThat(steps).isEqualTo(11);
    assertThat(text)
        .contains("11. ", "denies it", "self_approval", "token_already_used", "[not shown]")
        // No token is printed, nor a session token of the stand-in.
        .doesNotContain("eyJ")
        .doesNotContain("FwoGZXIvYXdz")
        .doesNotContainPattern("SigninToken=[^\\[]");
  }
}
