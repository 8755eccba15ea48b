package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.e2e.Doorway.Outcome;
import io.daypass.sandbox.aws.StandInRole;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pipeline waits for a human; what they agree to holds for that run only. */
class WaitingRunsTest {

  private static final String ROLE = "ci-release";
  private static final String ASKED = "worker-asked";
  private static final Outcome PENDING = new Outcome(false, "authorization_pending");

  private final World world = Shared.world();
  private final Api api = Shared.api();

  private String release() {
    return release("77", "1", Instant.now().plus(Duration.ofMinutes(5)));
  }

  private String release(String run, String attempt, Instant expires) {
    var issued = expires.minus(Duration.ofMinutes(5)).getEpochSecond();
    return new Forgeries(world)
        .run(
            Map.of(
                "environment", "release",
                "run_id", run,
                "run_attempt", attempt,
                "iat", issued,
                "nbf", issued,
                "exp", expires.getEpochSecond()));
  }

  private Api.Answer pending() {
    var answer = api.credentials(ROLE, release()).is(202);
    assertThat(answer.text("code")).isEqualTo("authorization_pending");
    assertThat(answer.text("request_url")).endsWith("/requests/" + answer.text("request_id"));
    assertThat(answer.text("poll_token")).matches("dpp_[A-Za-z0-9_-]{43}");
    assertThat(answer.json().getInteger("interval")).isPositive();
    return answer;
  }

  private Outcome poll(Api.Answer pending) {
    return Doorway.JSON.outcome(api, ROLE, pending.text("poll_token"));
  }

  @ParameterizedTest
  @EnumSource
  void after_approval_the_poll_token_gets_the_credential_at_every_door(Doorway door) {
    var pending = pending();
    var token = pending.text("poll_token");
    api.on(pending.text("request_id"), "approve", world.person("bob")).is(200);
    // And renews it, for as long as the grant lives.
    for (int i = 0; i < 2; i++) {
      assertThat(door.outcome(api, ROLE, token)).isEqualTo(new Outcome(true, ""));
    }
  }

  @Test
  void the_exchange_hands_out_a_poll_token_too() {
    var pending = Doorway.EXCHANGE.ask(api, ROLE, release()).is(400);
    assertThat(pending.text("error")).isEqualTo("authorization_pending");
    assertThat(pending.text("request_uri")).endsWith(pending.text("request_id"));
    var token = pending.text("poll_token");
    assertThat(Doorway.EXCHANGE.ask(api, ROLE, token).is(400).text("error"))
        .isEqualTo("authorization_pending");
    api.on(pending.text("request_id"), "approve", world.person("bob")).is(200);
    Doorway.EXCHANGE.ask(api, ROLE, token).is(200);
  }

  @ParameterizedTest
  @CsvSource({"78, 1", "77, 2", "77, 1"})
  void an_approval_holds_for_no_other_run_attempt_or_token(String run, String attempt) {
    var pending = pending();
    api.on(pending.text("request_id"), "approve", world.person("bob")).is(200);
    var later = Instant.now().plus(Duration.ofMinutes(5));
    var other = api.credentials(ROLE, release(run, attempt, later)).is(202);
    assertThat(other.text("request_id")).isNotEqualTo(pending.text("request_id"));
    assertThat(poll(other)).isEqualTo(new Outcome(false, "authorization_pending"));
    assertThat(poll(pending).given()).isTrue();
  }

  @Test
  void the_runs_own_token_may_expire_while_it_waits() throws Exception {
    // Good for the leeway of thirty seconds yet, less what is gone of it.
    var run = release("77", "1", Instant.now().minusSeconds(22));
    var pending = api.credentials(ROLE, run).is(202);
    Until.holds(
        "its own token has expired",
        () -> api.credentials(ROLE, run).text("code").equals("token_expired"));
    api.on(pending.text("request_id"), "approve", world.person("bob")).is(200);
    for (var door : Doorway.values()) {
      assertThat(door.outcome(api, ROLE, pending.text("poll_token")))
          .isEqualTo(new Outcome(true, ""));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_token_that_may_come_again_waits_at_every_door_and_for_itself_only(Doorway door)
      throws Exception {
    pods_may_ask();
    var pod = world.pod();
    var waiting = door.ask(api, ASKED, pod);
    assertThat(door.outcome(waiting)).isEqualTo(PENDING);
    var id = requestOf(pod);
    api.on(id, "approve", world.person("bob")).is(200);
    assertThat(door.outcome(api, ASKED, pod)).isEqualTo(new Outcome(true, ""));
    // The next token of the same pod is another matter.
    assertThat(door.outcome(door.ask(api, ASKED, world.pod()))).isEqualTo(PENDING);
  }

  private String requestOf(String pod) {
    return api.get("/v1/requests?role=" + ASKED, pod).is(200).list("requests").stream()
        .map(request -> request.getString("id"))
        .findFirst()
        .orElseThrow();
  }

  /** A role that pods may have once a lead has agreed. */
  private void pods_may_ask() throws Exception {
    var file = world.policies.resolve(ASKED + ".yaml");
    if (Files.exists(file)) {
      return;
    }
    Files.writeString(
        file,
        """
        role: worker-asked
        description: What a pod of the shop may do when a lead agrees
        access: write
        sensitivity: low
        target:
          aws:
            role-arn: arn:aws:iam::123456789012:role/daypass-worker-asked
        max-duration: 8h
        credential-lifetime: 1h
        rules:
          - name: pods of the shop
            workload: { kubernetes: { namespace: shop, serviceaccount: worker } }
            approval: [{ from: '"leads" in groups', count: 1 }]
        """);
    world
        .sandbox
        .aws()
        .add(
            StandInRole.of(
                "123456789012", "daypass-" + ASKED, Duration.ofHours(12), "role:" + ASKED));
    Until.holds(
        "the role is known",
        () -> {
          var outcome = Doorway.JSON.outcome(Doorway.JSON.ask(api, ASKED, world.pod()));
          return outcome.equals(PENDING);
        });
  }

  @Test
  void a_token_that_opened_a_request_is_used_and_the_poll_token_carries_on() {
    var run = release();
    var pending = api.credentials(ROLE, run).is(202);
    api.credentials(ROLE, run).is(403, "token_already_used");
    api.on(pending.text("request_id"), "approve", world.person("bob")).is(200);
    api.credentials(ROLE, run).is(403, "token_already_used");
    assertThat(poll(pending).given()).isTrue();
  }

  @Test
  void a_poll_token_is_good_for_nothing_else() {
    var token = pending().text("poll_token");
    for (var door : Doorway.values()) {
      assertThat(door.outcome(api, "ci-deploy", token))
          .isEqualTo(new Outcome(false, "poll_token_unknown"));
    }
    api.get("/v1/me", token).is(401, "token_type_not_allowed");
    api.get("/v1/requests", token).is(401, "token_type_not_allowed");
    api.post("/v1/requests", token, "role", ROLE, "duration", "1h", "reason", "x")
        .is(401, "token_type_not_allowed");
    api.post("/v1/roles/" + ROLE + "/console", token).is(401, "token_type_not_allowed");
    var other = "dpp_" + "A".repeat(43);
    api.credentials(ROLE, other).is(401, "poll_token_unknown");
  }

  @Test
  void the_console_takes_no_poll_tokens_so_a_run_cannot_wait_there_and_keeps_its_token() {
    var run = release();
    api.post("/v1/roles/" + ROLE + "/console", run).is(403, "cannot_wait_here");
    assertThat(api.credentials(ROLE, run).is(202).text("poll_token")).startsWith("dpp_");
  }

  @ParameterizedTest
  @ValueSource(strings = {"denied", "cancelled", "revoked", "returned"})
  void a_poll_token_dies_with_its_request(String end) {
    var pending = pending();
    var id = pending.text("request_id");
    var bob = world.person("bob");
    var expected =
        switch (end) {
          case "denied" -> {
            api.on(id, "deny", bob, "comment", "not today").is(200);
            yield "request_denied";
          }
          case "revoked" -> {
            api.on(id, "approve", bob).is(200);
            assertThat(poll(pending).given()).isTrue();
            api.on(id, "revoke", bob, "reason", "incident").is(200);
            yield "grant_revoked";
          }
          case "cancelled" -> {
            api.on(id, "cancel", release()).is(200);
            yield "request_cancelled";
          }
          default -> {
            api.on(id, "approve", bob).is(200);
            api.on(id, "return", release()).is(200);
            yield "grant_returned";
          }
        };
    for (var door : Doorway.values()) {
      assertThat(door.outcome(api, ROLE, pending.text("poll_token")))
          .isEqualTo(new Outcome(false, expected));
    }
  }

  @Test
  void a_run_that_gives_up_takes_back_its_own_request_and_no_other() throws Exception {
    var one = pending();
    var other = pending();
    var id = one.text("request_id");
    var token = one.text("poll_token");
    api.on(other.text("request_id"), "cancel", token).is(404, "not_found");
    assertThat(poll(other)).isEqualTo(PENDING);
    for (var act : new String[] {"approve", "deny", "return", "revoke"}) {
      api.on(id, act, token).is(401, "token_type_not_allowed");
    }
    var cancelled = api.on(id, "cancel", token, "reason", "waited enough").is(200);
    assertThat(cancelled.text("state")).isEqualTo("cancelled");
    assertThat(poll(one)).isEqualTo(new Outcome(false, "request_cancelled"));
    api.on(id, "cancel", token).is(409, "already_decided");
    assertThat(
            world.records.count(
                "SELECT count(*) FROM daypass.ledger_entry e JOIN daypass.access_request r"
                    + " ON r.id = e.request_id WHERE r.id = ? AND e.kind = 'cancelled'"
                    + " AND e.caller_subject = r.requester_subject",
                id))
        .isEqualTo(1);
    api.on(other.text("request_id"), "approve", world.person("bob")).is(200);
    api.on(other.text("request_id"), "cancel", other.text("poll_token")).is(409, "already_decided");
    assertThat(poll(other).given()).isTrue();
  }

  @Test
  void a_poll_token_is_not_kept_but_for_its_digest() throws Exception {
    var token = pending().text("poll_token");
    assertThat(
            world.records.count(
                "SELECT count(*) FROM daypass.poll_token WHERE sha256 = encode(sha256(?::bytea), 'hex')",
                token))
        .isEqualTo(1);
    assertThat(
            world.records.count(
                "SELECT count(*) FROM daypass.ledger_entry"
                    + " WHERE position(?::bytea IN canonical) > 0",
                token))
        .isZero();
    assertThat(world.replicas().getFirst().log()).doesNotContain(token);
  }

  @Test
  void who_polls_too_often_is_told_to_slow_down() {
    var token = pending().text("poll_token");
    Api.Answer last = api.credentials(ROLE, token);
    for (int i = 0; i < 20 && last.status() == 202; i++) {
      last = api.credentials(ROLE, token);
    }
    last.is(429, "slow_down");
    assertThat(last.header("Retry-After")).matches("[1-9][0-9]*");
    var oauth = Doorway.EXCHANGE.ask(api, ROLE, token);
    assertThat(oauth.status()).isEqualTo(400);
    assertThat(oauth.text("error")).isIn("slow_down", "authorization_pending");
  }

  @Test
  void a_single_use_token_is_not_spent_at_a_door_where_it_could_not_wait() {
    var run = release();
    for (var door : new Doorway[] {Doorway.STS, Doorway.CONTAINER}) {
      assertThat(door.outcome(api, ROLE, run)).isEqualTo(new Outcome(false, "cannot_wait_here"));
    }
    api.credentials(ROLE, run).is(202);
  }

  @Test
  void approvers_see_where_the_run_comes_from() {
    var pending = pending();
    var origin =
        api.get("/v1/requests/" + pending.text("request_id"), world.person("bob"))
            .is(200)
            .json()
            .getJsonObject("origin");
    assertThat(origin.getString("repository")).isEqualTo("acme/shop");
    assertThat(origin.getString("ref")).isEqualTo("refs/heads/main");
    assertThat(origin.getString("commit")).matches("[0-9a-f]{40}");
    assertThat(origin.getString("actor")).isEqualTo("alice");
    assertThat(origin.getString("run")).endsWith("/acme/shop/actions/runs/77/attempts/1");
  }
}
