package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Asking, deciding, ending, and lists of it. */
class RequestCallsTest extends ApiCalls {

  @Test
  void a_request_is_approved_by_a_lead_who_may_shorten_it() {
    var id = world.pending();
    assertThat(code(world.post("alice", "/v1/requests/" + id + "/approve", "{}")))
        .isEqualTo("self_approval");
    var approved =
        world.post(
            "bob", "/v1/requests/" + id + "/approve", "{\"comment\":\"ok\",\"duration\":\"1h\"}");
    assertThat(approved.statusCode()).isEqualTo(200);
    assertThat(json(approved).getString("state")).isEqualTo("approved");
    assertThat(json(approved).getString("grant_ends_at")).isEqualTo("2026-11-21T09:00:00Z");
    var again = world.post("bob", "/v1/requests/" + id + "/approve", "{}");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(code(again)).isEqualTo("already_decided");
    assertThat(json(again).getString("request_id")).isEqualTo(id);
  }

  @Test
  void w9_a_request_of_others_is_404_like_one_that_is_not_there() {
    var id = world.pending();
    for (var path :
        List.of(
            "/v1/requests/%s",
            "/v1/requests/%s/approve",
            "/v1/requests/%s/cancel",
            "/v1/requests/%s/revoke",
            "/v1/requests/%s/deny")) {
      var body = "{\"" + (path.endsWith("deny") ? "comment" : "reason") + "\":\"x\"}";
      if (path.endsWith("approve")) {
        body = "";
      }
      var ask = path.endsWith("%s");
      var theirs = path.formatted(id);
      var nobodys = path.formatted("zzzzzzzzzzzzzzzz");
      var forbidden = ask ? world.get("run", theirs) : world.post("run", theirs, body);
      var unknown = ask ? world.get("run", nobodys) : world.post("run", nobodys, body);
      assertThat(forbidden.statusCode()).as(path).isEqualTo(404);
      assertThat(forbidden.body()).isEqualTo(unknown.body());
      world.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    }
  }

  @Test
  void who_may_only_look_at_a_request_is_told_that_it_is_not_theirs_to_act_on() {
    var id = world.pending();
    for (var onlooker : List.of("erin", "pat")) {
      assertThat(world.get(onlooker, "/v1/requests/" + id).statusCode()).isEqualTo(200);
      var yes = world.post(onlooker, "/v1/requests/" + id + "/approve", "");
      assertThat(yes.statusCode()).isEqualTo(403);
      assertThat(code(yes)).isEqualTo("not_an_approver");
      var no = world.post(onlooker, "/v1/requests/" + id + "/deny", "{\"comment\":\"x\"}");
      assertThat(code(no)).isEqualTo("not_an_approver");
      for (var act : List.of("cancel", "return")) {
        var other = world.post(onlooker, "/v1/requests/" + id + "/" + act, "");
        assertThat(code(other)).as(act).isEqualTo("not_allowed");
      }
    }
    assertThat(json(world.get("alice", "/v1/requests/" + id)).getString("state"))
        .isEqualTo("pending");
    assertThat(world.entries())
        .extracting(entry -> entry.detail().get("code"))
        .contains("not_an_approver", "not_allowed");
  }

  @Test
  void a_denial_wants_a_word_and_ends_the_request() {
    var id = world.pending();
    assertThat(code(world.post("bob", "/v1/requests/" + id + "/deny", "{}")))
        .isEqualTo("member_invalid");
    var denied = world.post("bob", "/v1/requests/" + id + "/deny", "{\"comment\":\"not now\"}");
    assertThat(json(denied).getString("state")).isEqualTo("denied");
  }

  @Test
  void requesters_cancel_return_and_extend_and_anybody_who_approved_revokes() {
    var first = world.pending();
    assertThat(
            json(world.post("alice", "/v1/requests/" + first + "/cancel", "")).getString("state"))
        .isEqualTo("cancelled");
    var second = world.pending();
    world.post("bob", "/v1/requests/" + second + "/approve", "");
    var more =
        world.post(
            "alice",
            "/v1/requests/" + second + "/extend",
            "{\"duration\":\"1h\",\"reason\":\"not done\"}");
    assertThat(more.statusCode()).isEqualTo(201);
    assertThat(json(more).getString("extends_request")).isEqualTo(second);
    assertThat(json(more).getString("starts_at")).isEqualTo("2026-11-21T10:00:00Z");
    var revoked = world.post("bob", "/v1/requests/" + second + "/revoke", "{\"reason\":\"odd\"}");
    assertThat(json(revoked).getString("state")).isEqualTo("revoked");
    assertThat(json(revoked).getJsonObject("ended").getString("reason")).isEqualTo("odd");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"role\":\"staging-admin\",\"duration\":\"1h\",\"rol\":\"x\"}|member_unknown",
        "{\"role\":\"staging-admin\",\"role\":\"x\",\"duration\":\"1h\"}|member_repeated",
        "{\"role\":7,\"duration\":\"1h\"}|member_invalid",
        "{\"role\":null,\"duration\":\"1h\"}|member_invalid",
        "{\"role\":{\"a\":{}},\"duration\":\"1h\"}|member_invalid",
        "{\"role\":\"staging-admin\"}|member_invalid",
        "{\"role\":\"../x\",\"duration\":\"1h\"}|member_invalid",
        "{\"role\":\"staging-admin\",\"duration\":\"-1h\"}|member_invalid",
        "{\"role\":\"staging-admin\",\"duration\":\"PT0.5S\"}|member_invalid",
        "{\"role\":\"staging-admin\",\"duration\":\"PT99999999999H\"}|member_invalid",
        "{\"role\":\"staging-admin\",\"duration\":\"9h\"}|duration_too_long",
        "{\"role\":\"staging-admin\",\"duration\":\"1h\",\"starts_at\":\"soon\"}|member_invalid",
        "{\"role\":\"staging-admin\",\"duration\":\"1h\",\"starts_at\":\"2020-01-01T00:00:00Z\"}|member_invalid",
        "{\"role\":\"staging-admin\",\"duration\":\"1h\",\"starts_at\":\"9999-01-01T00:00:00Z\"}|starts_too_late",
        "{\"role\":\"staging-admin\",\"duration\":\"1h\",\"ticket\":\"a b\"}|member_invalid",
        "{\"role\":\"staging-admin\",\"duration\":\"1h\",\"reason\":\"\\u202egnp.exe\"}|member_invalid",
        "{\"role\":\"staging-admin\",\"duration\":\"1h\",\"reason\":\"\\u0000\"}|member_invalid",
        "{\"role\":\"prod-admin\",\"duration\":\"1h\"}|reason_required",
        "{\"role\":\"prod-admin\",\"duration\":\"1h\",\"reason\":\"x\"}|ticket_required",
        "{\"role\":\"prod-admin\",\"duration\":\"1h\",\"reason\":\"x\",\"ticket\":\"OPS-1x\"}|ticket_mismatch",
        "{\"role\":\"staging-admin\",\"duration\":\"1h\"} x|json_unreadable",
        "{\"role\":\"staging-admin\",\"duration\":\"1h\"|json_unreadable",
        "[]|json_unreadable",
        "[[[[[[[[[[[[[[[[[[[[[[|json_unreadable",
        "nonsense|json_unreadable"
      })
  void p9_a_bad_request_gets_its_own_code_and_a_next_step(String body, String expected) {
    var answer = world.post("alice", "/v1/requests", body);
    assertThat(code(answer)).isEqualTo(expected);
    assertThat(answer.statusCode()).isBetween(400, 499);
    assertThat(json(answer).getString("next")).isNotBlank();
    if (expected.equals("member_invalid") || expected.equals("member_repeated")) {
      assertThat(json(answer).getString("member")).isNotBlank();
    }
    assertThat(world.stores.requests).isEmpty();
  }

  @Test
  void an_idempotency_key_is_one_short_word() {
    var body = "{\"role\":\"staging-admin\",\"duration\":\"1h\"}";
    for (var key : List.of("a b", "x".repeat(65))) {
      var request =
          world
              .running
              .to("/v1/requests")
              .header("Authorization", "Bearer alice")
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", key)
              .POST(BodyPublishers.ofString(body));
      assertThat(code(world.running.send(request))).isEqualTo("idempotency_key_invalid");
    }
  }

  @Test
  void w10_a_cursor_is_good_for_its_reader_and_its_list_only() {
    for (int i = 0; i < 51; i++) {
      world.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
      world.post("alice", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"30m\"}");
    }
    var first = json(world.get("alice", "/v1/requests?mine=true"));
    assertThat(first.getJsonArray("requests")).hasSize(50);
    var cursor = first.getString("cursor");
    var second = json(world.get("alice", "/v1/requests?mine=true&cursor=" + cursor));
    assertThat(second.getJsonArray("requests")).hasSize(1);
    assertThat(second.getString("cursor")).isNull();
    assertThat(code(world.get("erin", "/v1/requests?cursor=" + cursor)))
        .isEqualTo("cursor_invalid");
    assertThat(code(world.get("erin", "/v1/ledger?cursor=" + cursor))).isEqualTo("cursor_invalid");
    for (var forged : List.of("x", "AAAA", cursor + "A", cursor.substring(1))) {
      assertThat(code(world.get("alice", "/v1/requests?cursor=" + forged)))
          .isEqualTo("cursor_invalid");
    }
  }

  @Test
  void w9_the_start_of_an_id_finds_only_what_one_may_see() {
    var id = world.pending();
    var start = "/v1/requests?id=" + id.substring(0, 8);
    assertThat(world.get("alice", start).body()).contains("\"id\":\"" + id + "\"");
    assertThat(world.get("run", start).body()).isEqualTo("{\"requests\":[]}");
  }

  @Test
  void lists_refuse_filters_they_do_not_know() {
    assertThat(code(world.get("alice", "/v1/requests?state=odd"))).isEqualTo("parameter_invalid");
    assertThat(code(world.get("alice", "/v1/requests?mine=yes"))).isEqualTo("parameter_invalid");
    for (var id : List.of("", "i", "0%25", "00000000000000000", "A")) {
      assertThat(code(world.get("alice", "/v1/requests?id=" + id)))
          .as(id)
          .isEqualTo("parameter_invalid");
    }
    assertThat(code(world.get("alice", "/v1/requests?x=1"))).isEqualTo("parameter_unknown");
    assertThat(code(world.get("erin", "/v1/ledger?kind=odd"))).isEqualTo("parameter_invalid");
    for (var filter :
        List.of(
            "since=odd",
            "since=%2B1000000000-12-31T23:59:59Z",
            "since=-1000000000-01-01T00:00:00Z",
            "since=%2B294277-01-01T00:00:00Z",
            "request=odd",
            "request=",
            "role=%00",
            "role=a%20b",
            "caller=",
            "caller=%20",
            "caller=%00",
            "caller=staff%20a%00b",
            "caller=staff%20",
            "caller=Staff%20a",
            "caller=" + "x".repeat(1025),
            "caller=staff%20" + "x".repeat(1025))) {
      assertThat(code(world.get("erin", "/v1/ledger?" + filter)))
          .as(filter)
          .isEqualTo("parameter_invalid");
    }
    assertThat(code(world.get("erin", "/v1/roles/staging-admin/explain?as=staff%20%00")))
        .isEqualTo("parameter_invalid");
    assertThat(world.stores.entries).isEmpty();
  }

  @Test
  void a_reason_is_counted_in_characters_as_people_see_them() {
    var astral = "\uD83D\uDE80";
    var body = "{\"role\":\"staging-admin\",\"duration\":\"1h\",\"reason\":\"%s\"}";
    assertThat(
            world.post("alice", "/v1/requests", body.formatted(astral.repeat(1000))).statusCode())
        .isEqualTo(201);
    assertThat(code(world.post("alice", "/v1/requests", body.formatted(astral.repeat(1001)))))
        .isEqualTo("member_invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\u202e", "\\ud800", "\\u200d", "\\u2800", "\\u3164\\u115f"})
  void p9_a_reason_that_hides_or_says_nothing_is_refused(String reason) {
    var answer =
        world.post(
            "alice",
            "/v1/requests",
            "{\"role\":\"staging-admin\",\"duration\":\"1h\",\"reason\":\"" + reason + "\"}");
    assertThat(code(answer)).isEqualTo("member_invalid");
    assertThat(world.stores.requests).isEmpty();
  }
}
