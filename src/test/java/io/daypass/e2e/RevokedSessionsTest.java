package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.demo.Walk;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A revocation ends the live sessions of its request in AWS, those of no other, and says so. */
class RevokedSessionsTest {

  private static final int ROUNDS = 15;

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
    // The first two did what they were asked, and said so in vain.
    assertThat(new Api(world.sandbox.url()).get("/calls").body().lines())
        .filteredOn(line -> line.contains("PutRolePolicy") && line.contains(session.request()))
        .hasSizeGreaterThan(2);
  }

  @Test
  void p10_a_session_that_races_the_revocation_is_cut_or_was_never_handed_out() throws Exception {
    var random = new Random(11);
    var out = new ArrayList<Session>();
    var usual = mintMillis();
    for (int round = 0; round < ROUNDS; round++) {
      for (var racer : List.of("alice", "dave")) {
        // The only session of its request: another's cut would cut it too.
        var request = a.ask(world.person(racer), "staging-admin", "1h", "work");
        var keys = b.credentialsLater("staging-admin", world.person(racer));
        Thread.sleep(random.nextLong(2 + 2 * usual));
        a.on(request, "revoke", world.person("pat"), "reason", "enough").is(200);
        var answer = Api.wait(keys);
        if (answer.status() == 200) {
          out.add(new Session(request, answer.text("AccessKeyId")));
        } else {
          assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        }
      }
    }
    assertThat(out).isNotEmpty();
    for (var session : out) {
      session.awaitCut();
    }
    assertThat(out).noneMatch(Session::lives);
  }

  /** How long it takes on this machine, now that it has been done before. */
  private static long mintMillis() {
    var began = 0L;
    for (int i = 0; i < 5; i++) {
      began = System.nanoTime();
      b.credentials("worker", world.pod()).is(200);
    }
    return (System.nanoTime() - began) / 1_000_000;
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
