package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** F1 to F8: Postgres is away, or goes away at each step of the path. */
class KilledPostgresTest {

  private static World world;
  private static Replica replica;

  @BeforeAll
  static void start() throws Exception {
    world = World.busy("info");
    replica = world.replica().awaitReady();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /** It recovers by itself, and every intent has its end. */
  @AfterEach
  void the_broker_recovers_without_a_restart() throws Exception {
    world.gate.openAll();
    replica.awaitReady();
    var pod = world.pod();
    Until.holds("it issues", () -> replica.api().credentials("worker", pod).status() == 200);
    world.records.closeOrphans();
    assertThat(world.records.openIntents()).isEmpty();
    assertThat(replica.isAlive()).isTrue();
  }

  private static void unavailable(Api.Answer answer) {
    answer.is(503, "ledger_unavailable");
    assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
  }

  /** Public documents are up, from memory. */
  private static void still_an_issuer() {
    var api = replica.api();
    api.get("/.well-known/openid-configuration").is(200);
    assertThat(api.get("/.well-known/jwks.json").is(200).list("keys")).isNotEmpty();
    api.get("/.well-known/daypass").is(200);
    api.get("/healthz").is(200);
    api.get("/metrics").is(200);
  }

  @Test
  void f3_killed_before_t1_nothing_is_minted_and_the_keys_stay_up() throws Exception {
    var pod = world.pod();
    var alice = world.person("alice");
    replica.api().credentials("worker", pod).is(200);
    var before = world.gate.assertions().size();
    world.postgres.kill();
    try {
      unavailable(replica.api().credentials("worker", pod));
      unavailable(replica.api().credentials("ci-deploy", world.run()));
      unavailable(
          replica
              .api()
              .post(
                  "/v1/requests", alice, "role", "staging-admin", "duration", "1h", "reason", "x"));
      unavailable(replica.api().get("/v1/ledger", world.person("erin")));
      still_an_issuer();
      Until.holds("it is not ready", () -> replica.api().get("/readyz").status() == 503);
      assertThat(world.gate.assertions()).hasSize(before);
    } finally {
      world.postgres.restart();
    }
  }

  @Test
  void f3_a_page_says_so_and_nobody_is_signed_in_by_a_failure() throws Exception {
    var browser = new Browser(world);
    var callback = browser.callback("alice", browser.begin(Map.of("to", "/")));
    var token = browser.get("/sign-in").field("form_token");
    world.postgres.kill();
    try {
      browser.get("/sign-in").is(200);
      browser.arrive(callback).is(503, "ledger_unavailable");
      var form = Map.of("to", "/", "form_token", token);
      assertThat(browser.post("/sign-in/staff", form).is(503, "ledger_unavailable"))
          .satisfies(page -> assertThat(page.header("Retry-After")).isNotEmpty());
      browser.plant("__Host-daypass", "A".repeat(43));
      browser.get("/sign-in").is(503, "ledger_unavailable");
      browser
          .post("/sign-out", Map.of("form_token", browser.formToken()))
          .is(503, "ledger_unavailable");
      still_an_issuer();
    } finally {
      world.postgres.restart();
    }
  }

  @Test
  void f6_killed_between_mint_and_t2_the_credential_is_dropped() throws Exception {
    var pod = world.pod();
    var request = replica.api().credentials("worker", pod).is(200).header("Daypass-Request");
    var hold = world.gate.holdAnswers();
    CompletableFuture<Api.Answer> inFlight = replica.api().credentialsLater("worker", pod);
    hold.awaitCall();
    world.postgres.kill();
    try {
      hold.open();
      var answer = Api.wait(inFlight);
      unavailable(answer);
      assertThat(answer.body()).doesNotContain("AccessKeyId");
      still_an_issuer();
    } finally {
      world.postgres.restart();
    }
    assertThat(world.records.kinds(request))
        .containsExactly("request_made", "decided_by_rule", "intent", "sealed", "intent");
    assertThat(world.records.closeOrphans()).hasSize(1);
    assertThat(world.records.kinds(request)).last().isEqualTo("orphaned");
  }

  /** The token and the request that it opens are one transaction, which the intent ends. */
  @Test
  void a16_f4_killed_while_a_token_opens_its_request_neither_is_there() throws Exception {
    var run = world.run();
    var requests = "SELECT count(*) FROM daypass.access_request WHERE role = 'ci-deploy'";
    var before = world.records.count(requests);
    var minted = world.gate.assertions().size();
    var lock = world.records.superuser();
    lock.setAutoCommit(false);
    lock.createStatement().execute("LOCK TABLE daypass.ledger_entry IN EXCLUSIVE MODE");
    var inFlight = replica.api().credentialsLater("ci-deploy", run);
    world.records.awaitBlocked("record_intents");
    world.postgres.kill();
    try {
      unavailable(Api.wait(inFlight));
    } finally {
      world.postgres.restart();
      lock.abort(Runnable::run);
    }
    assertThat(world.records.count(requests)).isEqualTo(before);
    assertThat(world.gate.assertions()).hasSize(minted);
    replica.awaitReady().api().credentials("ci-deploy", run).is(200);
    assertThat(world.records.count(requests)).isEqualTo(before + 1);
  }

  @Test
  void f8_killed_between_t2_and_the_answer_what_goes_out_is_sealed() throws Exception {
    var pod = world.pod();
    var request = replica.api().credentials("worker", pod).is(200).header("Daypass-Request");
    var hold = world.gate.holdAnswers();
    var inFlight = replica.api().credentialsLater("worker", pod);
    hold.awaitCall();
    try (var lock = world.records.lock(request)) {
      hold.open();
      world.records.awaitBlocked("record_seal");
      replica.freeze();
      lock.rollback();
    }
    // The server commits, and dies before the broker has read that it did.
    Until.holds("T2 is over", () -> world.records.openIntents().isEmpty());
    world.postgres.kill();
    Api.Answer answer;
    try {
      replica.thaw();
      answer = Api.wait(inFlight).is(200);
    } finally {
      world.postgres.restart();
    }
    assertThat(world.records.seals(answer.text("AccessKeyId"))).isEqualTo(1);
  }

  @Test
  void f8_killed_after_t2_what_was_handed_out_is_sealed() throws Exception {
    var answer = replica.api().credentials("ci-deploy", world.run()).is(200);
    world.postgres.kill();
    world.postgres.restart();
    assertThat(world.records.seals(answer.text("AccessKeyId"))).isEqualTo(1);
  }

  @Test
  void f14_frozen_every_call_is_answered_and_nothing_is_minted() throws Exception {
    var pod = world.pod();
    replica.api().credentials("worker", pod).is(200);
    var before = world.gate.assertions().size();
    world.postgres.freeze();
    try {
      unavailable(replica.api().credentials("worker", pod));
      still_an_issuer();
      assertThat(world.gate.assertions()).hasSize(before);
    } finally {
      world.postgres.thaw();
    }
  }

  @Test
  void f32_p1_killed_under_load_every_credential_handed_out_is_sealed() throws Exception {
    var handedOut = new ConcurrentLinkedQueue<String>();
    var others = new ConcurrentLinkedQueue<Integer>();
    var clients = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 8; i++) {
      var pod = world.pod();
      clients.add(
          CompletableFuture.runAsync(
              () -> takeUntilRefused(pod, handedOut, others), Thread::startVirtualThread));
    }
    Until.holds("some credentials are handed out", () -> handedOut.size() > 100);
    world.postgres.kill();
    try {
      clients.forEach(CompletableFuture::join);
    } finally {
      world.postgres.restart();
    }
    assertThat(others).hasSize(8).containsOnly(503);
    assertThat(
            world.records.texts(
                "SELECT convert_from(canonical, 'UTF8')::jsonb #>> '{detail,credential}'"
                    + " FROM daypass.ledger_entry WHERE kind = 'sealed'"))
        .containsAll(handedOut);
  }

  private static void takeUntilRefused(
      String pod, ConcurrentLinkedQueue<String> handedOut, ConcurrentLinkedQueue<Integer> others) {
    while (true) {
      var answer = replica.api().credentials("worker", pod);
      if (answer.status() != 200) {
        others.add(answer.status());
        return;
      }
      handedOut.add(answer.text("AccessKeyId"));
    }
  }

  @Test
  void f1_away_at_the_start_the_broker_waits_and_becomes_ready() throws Exception {
    world.postgres.stop();
    Replica early;
    try {
      early = world.replica();
      Until.holds("it listens", () -> isAlive(early));
      assertThat(early.api().get("/readyz").status()).isEqualTo(503);
      early.api().get("/.well-known/jwks.json").is(503, "keys_unavailable");
      assertThat(early.api().credentials("worker", world.pod()).status()).isEqualTo(503);
      assertThat(early.isAlive()).isTrue();
      Until.holds(
          "its log says why",
          () -> early.log().contains("nobody listens where the database should be"));
    } finally {
      world.postgres.restart();
    }
    early.awaitReady().api().credentials("worker", world.pod()).is(200);
    // It also ends in time when the database is away.
    world.postgres.kill();
    try {
      early.terminate();
      assertThat(early.awaitEnd(Duration.ofSeconds(20))).isZero();
    } finally {
      world.postgres.restart();
    }
  }

  private static boolean isAlive(Replica replica) {
    try {
      return replica.api().get("/healthz").status() == 200;
    } catch (java.io.UncheckedIOException e) {
      assertThat(replica.isAlive()).isTrue();
      return false;
    }
  }
}
