package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A run that gives up takes its request back with its poll token, and does nothing else with it.
 */
class WithdrawalTest extends ApiCalls {

  private JsonObject waiting() {
    var asked = world.post("release", "/v1/roles/mischief/credentials", "{\"reason\":\"x\"}");
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
    return json(asked);
  }

  private static String id(JsonObject waiting) {
    return waiting.getString("request_id");
  }

  private static String token(JsonObject waiting) {
    return waiting.getString("poll_token");
  }

  private String state(JsonObject waiting) {
    return json(world.get("release", "/v1/requests/" + id(waiting))).getString("state");
  }

  @Test
  void a_run_takes_its_own_request_back_and_it_is_over() {
    var run = waiting();
    var cancelled =
        world.post(
            token(run), "/v1/requests/" + id(run) + "/cancel", "{\"reason\":\"waited enough\"}");
    assertThat(cancelled.statusCode()).isEqualTo(200);
    assertThat(json(cancelled).getString("state")).isEqualTo("cancelled");
    var ended = json(cancelled).getJsonObject("ended");
    assertThat(ended.getString("by")).contains("repo:acme/shop:release");
    assertThat(ended.getString("reason")).isEqualTo("waited enough");
    assertThat(code(world.post(token(run), "/v1/roles/mischief/credentials", "{}")))
        .isEqualTo("request_cancelled");
    var again = world.post(token(run), "/v1/requests/" + id(run) + "/cancel", "");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(code(again)).isEqualTo("already_decided");
  }

  @Test
  void b8_the_request_of_another_run_of_the_same_subject_is_404_like_one_that_is_not_there() {
    var run = waiting();
    var other = waiting();
    var theirs = world.post(token(run), "/v1/requests/" + id(other) + "/cancel", "");
    var nobodys = world.post(token(run), "/v1/requests/zzzzzzzzzzzzzzzz/cancel", "");
    assertThat(theirs.statusCode()).isEqualTo(404);
    assertThat(theirs.body()).isEqualTo(nobodys.body());
    assertThat(state(other)).isEqualTo("pending");
    assertThat(state(run)).isEqualTo("pending");
  }

  @Test
  void what_people_decided_is_not_taken_back() {
    var run = waiting();
    world.post("bob", "/v1/requests/" + id(run) + "/approve", "");
    var late = world.post(token(run), "/v1/requests/" + id(run) + "/cancel", "");
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(code(late)).isEqualTo("already_decided");
    assertThat(state(run)).isEqualTo("approved");
    world.post("bob", "/v1/requests/" + id(run) + "/revoke", "{\"reason\":\"odd\"}");
    assertThat(code(world.post(token(run), "/v1/requests/" + id(run) + "/cancel", "")))
        .isEqualTo("already_decided");
  }

  @Test
  void a_poll_token_decides_ends_reads_and_makes_nothing() {
    var run = waiting();
    var one = "/v1/requests/" + id(run);
    for (var act : List.of("/approve", "/deny", "/return", "/extend", "/revoke")) {
      assertThat(code(world.post(token(run), one + act, "")))
          .as(act)
          .isEqualTo("token_type_not_allowed");
    }
    assertThat(world.post(token(run), "/v1/requests", "").statusCode()).isEqualTo(401);
    assertThat(world.get(token(run), one).statusCode()).isEqualTo(401);
    assertThat(json(world.get(token(run), "/v1/me")).getString("detail"))
        .contains("takes its request back");
    assertThat(state(run)).isEqualTo("pending");
  }

  @Test
  void a_poll_token_that_was_handed_out_to_nobody_takes_nothing_back() {
    var run = waiting();
    var forged = world.post("dpp_" + "A".repeat(43), "/v1/requests/" + id(run) + "/cancel", "");
    assertThat(forged.statusCode()).isEqualTo(401);
    assertThat(code(forged)).isEqualTo("poll_token_unknown");
    assertThat(state(run)).isEqualTo("pending");
  }
}
