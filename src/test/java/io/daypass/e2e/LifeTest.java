package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator does to a running broker, with the limits that come with it. */
class LifeTest {

  private static World world;
  private static Replica replica;

  @BeforeAll
  static void start() throws Exception {
    world = World.usual();
    replica = world.replica().awaitReady();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static Api api() {
    return replica.api();
  }

  @Test
  void a_reload_takes_good_policies_and_keeps_the_last_good_ones_for_bad() throws Exception {
    var worker = world.policies.resolve("worker.yaml");
    var good = Files.readString(worker);
    var pod = world.pod();
    api().credentials("worker", pod).is(200);
    var loaded = digest();
    try {
      Files.writeString(worker, good.replace("rules:", "rulez:"));
      replica.hangUp();
      Until.holds("the broken policies are reported", () -> replica.log().contains("rulez"));
      assertThat(replica.log()).contains("worker.yaml");
      api().credentials("worker", pod).is(200);
      assertThat(digest()).isEqualTo(loaded);
      assertThat(api().isReady()).isTrue();

      // C4: the policies in force must allow it too, whatever was granted before.
      Files.writeString(worker, good.replace("namespace: shop", "namespace: other"));
      replica.hangUp();
      Until.holds("the new policies are in force", () -> !digest().equals(loaded));
      api().credentials("worker", pod).is(403, "denied_by_policy");
    } finally {
      Files.writeString(worker, good);
      replica.hangUp();
    }
    Until.holds("the first policies are in force again", () -> digest().equals(loaded));
    api().credentials("worker", pod).is(200);
  }

  /** The policies that were announced last. */
  private static String digest() throws Exception {
    var last =
        world.records.texts(
            "SELECT convert_from(canonical, 'UTF8') FROM daypass.ledger_entry"
                + " WHERE kind = 'policy_loaded' ORDER BY number DESC LIMIT 1");
    return new JsonObject(last.getFirst()).getJsonObject("detail").getString("policies");
  }

  @Test
  void keys_are_rotated_without_a_failed_mint() throws Exception {
    var failures = new ConcurrentLinkedQueue<String>();
    var over = new AtomicBoolean();
    var minted = new ConcurrentLinkedQueue<String>();
    var issuing =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                // Another token each time: the usual limits are per token.
                var answer = api().credentials("ci-deploy", world.run());
                (answer.status() == 200 ? minted : failures).add(answer.status() + answer.body());
                pause();
              }
            },
            Thread::startVirtualThread);
    assertThat(kids()).hasSize(2);
    var rotated = Replica.run("keys", "rotate", "--config", replica.settings().toString());
    assertThat(rotated.code()).as(rotated.text()).isZero();
    assertThat(rotated.text()).contains("added ", ", in use in ");
    Until.holds("the successors are published", () -> kids().size() == 4);
    var again = Replica.run("keys", "rotate", "--config", replica.settings().toString());
    assertThat(again.text()).contains("successors are waiting already");
    // Clouds that look again find all of them.
    world.sandbox.aws().forgetKeys();
    var first = kid(world.gate.assertions().getLast());
    letTheSuccessorsTakeOver();
    Until.holds("the successor signs", () -> !kid(world.gate.assertions().getLast()).equals(first));
    int before = minted.size();
    Until.holds("some more are minted", () -> minted.size() > before + 5);
    over.set(true);
    issuing.join();
    assertThat(failures).isEmpty();
  }

  /** As time would: the lead is over. */
  private static void letTheSuccessorsTakeOver() throws SQLException {
    try (var connection = world.records.superuser();
        var statement = connection.createStatement()) {
      statement.execute(
          "UPDATE daypass.signing_key SET use_from = now() WHERE use_from > now();"
              + " SELECT pg_notify('daypass', 'keys')");
    }
  }

  private static String kid(String assertion) {
    var header = Base64.getUrlDecoder().decode(assertion.split("\\.", -1)[0]);
    return new JsonObject(new String(header, StandardCharsets.UTF_8)).getString("kid");
  }

  private static List<JsonObject> kids() {
    return api().get("/.well-known/jwks.json").is(200).list("keys");
  }

  // 600 issuances a minute are what a workload gets.
  private static void pause() {
    try {
      Thread.sleep(150);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void who_comes_too_often_waits() {
    var dave = world.person("dave");
    api()
        .post("/v1/requests", dave, "role", "staging-admin", "duration", "1h", "reason", "often")
        .is(201);
    Api.Answer answer;
    int taken = 0;
    do {
      answer = api().credentials("staging-admin", dave);
      taken += answer.status() == 200 ? 1 : 0;
    } while (answer.status() == 200 && taken < 100);
    answer.is(429, "too_many_requests");
    assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
    assertThat(taken).isGreaterThanOrEqualTo(10);
    api().get("/v1/me", dave).is(200);
    // At once, or a slow machine would forget as fast as they come.
    var tries = new ArrayList<CompletableFuture<Api.Answer>>();
    for (int i = 0; i < 200; i++) {
      tries.add(api().credentialsLater("staging-admin", "no.token.atall"));
    }
    var others = tries.stream().map(Api::wait).filter(one -> one.status() != 401).toList();
    assertThat(others).isNotEmpty();
    others.forEach(one -> one.is(429, "too_many_failures"));
    awaitTrust();
  }

  // The others in this class come from the same address.
  private static void awaitTrust() {
    try {
      Until.holds("it may be tried again", () -> api().get("/v1/me", world.pod()).status() == 200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void f33_sigterm_finishes_what_is_in_flight_and_begins_nothing_new() throws Exception {
    var second = world.replica().awaitReady();
    var run = world.run();
    var hold = world.gate.holdAnswers();
    var inFlight = second.api().credentialsLater("ci-deploy", run);
    hold.awaitCall();
    second.terminate();
    Until.holds("it drains", () -> second.api().get("/readyz").status() == 503);
    second.api().credentials("ci-deploy", world.run()).is(503, "shutting_down");
    second
        .api()
        .post(
            "/v1/requests",
            world.person("alice"),
            "role",
            "staging-admin",
            "duration",
            "1h",
            "reason",
            "x")
        .is(503, "shutting_down");
    second.api().get("/.well-known/jwks.json").is(200);
    hold.open();
    var answer = Api.wait(inFlight).is(200);
    // Well before the drain's own limit.
    assertThat(second.awaitEnd(Duration.ofSeconds(20))).isZero();
    world.gate.openAll();
    assertThat(world.records.seals(answer.text("AccessKeyId"))).isEqualTo(1);
    assertThat(world.records.openIntents()).isEmpty();
  }
}
