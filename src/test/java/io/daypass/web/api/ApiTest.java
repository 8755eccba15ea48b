package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who calls, and how often. */
class ApiTest extends ApiCalls {

  @Test
  void somebody_signed_in_is_told_who_they_are() {
    var me = json(world.get("erin", "/v1/me"));
    assertThat(me.getString("issuer")).isEqualTo("staff");
    assertThat(me.getString("subject")).isEqualTo("erin");
    assertThat(me.getBoolean("auditor")).isTrue();
    assertThat(me.getBoolean("administrator")).isFalse();
  }

  @Test
  void a22_a_call_without_exactly_one_bearer_token_is_401() {
    var none = world.running.get("/v1/me");
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(code(none)).isEqualTo("credentials_missing");
    assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"daypass\"");
    var two =
        world.running.send(
            world
                .running
                .to("/v1/me")
                .header("Authorization", "Bearer alice")
                .header("Authorization", "Bearer alice"));
    assertThat(code(two)).isEqualTo("authorization_malformed");
    var cookie = world.running.send(world.running.to("/v1/me").header("Cookie", "token=alice"));
    assertThat(code(cookie)).isEqualTo("credentials_missing");
    assertThat(code(world.running.get("/v1/me?access_token=alice"))).isEqualTo("parameter_unknown");
  }

  @Test
  void a_refused_token_is_401_with_its_reason_and_an_outage_503() {
    var refused = world.get("forged", "/v1/me");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(code(refused)).isEqualTo("signature_invalid");
    assertThat(refused.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(header -> assertThat(header).contains("invalid_token"));
    var outage = world.get("nokeys", "/v1/me");
    assertThat(outage.statusCode()).isEqualTo(503);
    assertThat(code(outage)).isEqualTo("issuer_unavailable");
    assertThat(outage.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void a_peer_that_fails_too_often_waits_and_then_may_come_again() {
    for (int i = 0; i < 3; i++) {
      assertThat(world.get("forged", "/v1/me").statusCode()).isEqualTo(401);
    }
    var refused = world.get("alice", "/v1/me");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(code(refused)).isEqualTo("too_many_failures");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    world.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(world.get("alice", "/v1/me").statusCode()).isEqualTo(200);
  }

  @Test
  void credentials_and_decisions_are_limited_per_subject() {
    world.post("alice", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"30m\"}");
    for (int i = 0; i < 5; i++) {
      assertThat(world.post("alice", "/v1/roles/staging-admin/credentials", "{}").statusCode())
          .isEqualTo(200);
    }
    var refused = world.post("alice", "/v1/roles/staging-admin/credentials", "{}");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(code(refused)).isEqualTo("too_many_requests");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("12");
    assertThat(code(world.post("bob", "/v1/roles/staging-admin/credentials", "{}")))
        .isEqualTo("approval_required");
    for (int i = 0; i < 6; i++) {
      world.post("bob", "/v1/requests/zzzzzzzzzzzzzzzz/approve", "");
    }
    assertThat(code(world.post("bob", "/v1/requests/zzzzzzzzzzzzzzzz/approve", "")))
        .isEqualTo("too_many_requests");
  }

  @Test
  void e7_while_the_ledger_is_away_calls_are_503_and_say_when_to_come_again() {
    world.stores.down = true;
    for (var answer :
        List.of(
            world.post("alice", "/v1/roles/staging-admin/credentials", "{}"),
            world.get("alice", "/v1/requests"),
            world.post(
                "alice", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"1h\"}"))) {
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(code(answer)).isEqualTo("ledger_unavailable");
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(answer.body()).doesNotContain("hunter2");
    }
  }
}
