package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTest {

  private final World world = new World();

  @AfterEach
  void stop() {
    world.close();
  }

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
  void roles_are_listed_for_those_who_may_request_them_with_what_it_takes() {
    var roles = json(world.get("alice", "/v1/roles")).getJsonArray("roles");
    assertThat(roles).hasSize(2);
    var prod = roles.getJsonObject(0);
    assertThat(prod.getString("name")).isEqualTo("prod-admin");
    assertThat(prod.getBoolean("automatic")).isFalse();
    assertThat(prod.getBoolean("reason_required")).isTrue();
    assertThat(prod.getString("ticket")).isEqualTo("OPS-[0-9]+");
    assertThat(prod.getString("max_duration")).isEqualTo("8h");
    assertThat(json(world.get("erin", "/v1/roles")).getJsonArray("roles")).isEmpty();
  }

  @Test
  void an_explanation_names_rule_and_condition_and_the_code() {
    var no = json(world.get("erin", "/v1/roles/prod-admin/explain?duration=2h"));
    assertThat(no.getString("decision")).isEqualTo("denied");
    assertThat(no.getString("code")).isEqualTo("denied_by_policy");
    assertThat(no.getJsonArray("trace").encode()).contains("not_held", "engineering");
    var yes = json(world.get("alice", "/v1/roles/staging-admin/explain"));
    assertThat(yes.getString("decision")).isEqualTo("granted");
    assertThat(code(world.get("alice", "/v1/roles/staging-admin/explain?duration=long")))
        .isEqualTo("parameter_invalid");
  }

  @Test
  void only_auditors_ask_for_an_explanation_on_behalf_of_others() {
    var path = "/v1/roles/staging-admin/explain?as=staff%20alice";
    assertThat(json(world.get("erin", path)).getString("decision")).isEqualTo("granted");
    assertThat(code(world.get("bob", path))).isEqualTo("not_allowed");
    assertThat(world.get("erin", path.replace("alice", "nobody")).statusCode()).isEqualTo(404);
  }

  @Test
  void w9_an_unknown_role_and_a_forbidden_one_get_the_same_answer() {
    for (var path : List.of("/v1/roles/%s/credentials", "/v1/roles/%s/console")) {
      var unknown = world.post("erin", path.formatted("no-such-role"), "{}");
      var forbidden = world.post("erin", path.formatted("prod-admin"), "{}");
      assertThat(unknown.statusCode()).isEqualTo(403).isEqualTo(forbidden.statusCode());
      assertThat(unknown.body().replace("no-such-role", "prod-admin")).isEqualTo(forbidden.body());
    }
    var unknown = world.get("run", "/v1/roles/no-such-role/explain").body();
    assertThat(unknown.replace("no-such-role", "prod-admin"))
        .isEqualTo(world.get("run", "/v1/roles/prod-admin/explain").body());
  }

  @Test
  void an_automatic_request_is_approved_at_once_and_gives_a_credential() {
    var made =
        world.post("alice", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"30m\"}");
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(json(made).getString("state")).isEqualTo("approved");
    var id = json(made).getString("id");
    assertThat(made.headers().firstValue("Location")).hasValue("/v1/requests/" + id);
    var credential = world.post("alice", "/v1/roles/staging-admin/credentials", "{}");
    assertThat(credential.statusCode()).isEqualTo(200);
    assertThat(credential.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(credential.headers().firstValue("Daypass-Request")).hasValue(id);
    assertThat(credential.headers().firstValue("Daypass-Issuance")).isPresent();
    assertThat(json(credential).fieldNames())
        .containsExactly(
            "Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "AccountId");
    assertThat(json(credential).getValue("Version")).isEqualTo(1);
    assertThat(json(credential).getString("Expiration")).isEqualTo("2026-11-21T08:30:00Z");
  }

  @Test
  void without_a_grant_there_is_no_credential_and_no_console() {
    for (var door : List.of("credentials", "console")) {
      var refused = world.post("alice", "/v1/roles/staging-admin/" + door, "");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(code(refused)).isEqualTo("approval_required");
      assertThat(json(refused).getString("next")).isNotBlank();
    }
  }

  @Test
  void a_run_gets_its_credential_in_one_call() {
    var credential = world.post("run", "/v1/roles/ci-deploy/credentials", "{\"duration\":\"20m\"}");
    assertThat(credential.statusCode()).isEqualTo(200);
    assertThat(json(credential).getString("Expiration")).isEqualTo("2026-11-21T08:20:00Z");
    assertThat(code(world.post("run", "/v1/roles/staging-admin/credentials", "{}")))
        .isEqualTo("denied_by_policy");
  }

  @Test
  void a_console_link_leads_only_where_the_role_says() {
    world.post("alice", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"30m\"}");
    var link = world.post("alice", "/v1/roles/staging-admin/console", "{\"destination\":\"ec2\"}");
    assertThat(json(link).getString("url")).contains("/ec2");
    assertThat(json(link).getString("expires_at")).isEqualTo("2026-11-21T08:30:00Z");
    var elsewhere =
        world.post(
            "alice", "/v1/roles/staging-admin/console", "{\"destination\":\"https://evil\"}");
    assertThat(code(elsewhere)).isEqualTo("no_such_destination");
  }

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
            "role=%00",
            "role=a%20b",
            "caller=%00",
            "caller=staff%20a%00b")) {
      assertThat(code(world.get("erin", "/v1/ledger?" + filter)))
          .as(filter)
          .isEqualTo("parameter_invalid");
    }
    assertThat(code(world.get("erin", "/v1/roles/staging-admin/explain?as=staff%20%00")))
        .isEqualTo("parameter_invalid");
    assertThat(world.stores.entries).isEmpty();
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

  @Test
  void what_a_caller_is_refused_is_written_down() {
    var id = world.pending();
    world.post("erin", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"1h\"}");
    world.post("alice", "/v1/requests/" + id + "/approve", "{}");
    world.post("alice", "/v1/stop", "{}");
    assertThat(world.stores.entries)
        .extracting(entry -> entry.kind() + " " + entry.detail().get("code"))
        .containsExactly("REFUSED no_rule_matched", "REFUSED self_approval", "REFUSED not_allowed");
    assertThat(world.stores.entries.get(1).request()).hasToString(id);
    assertThat(world.stores.entries.getFirst().role()).isEqualTo("staging-admin");
  }

  @Test
  void a_refusal_that_cannot_be_written_down_is_503() {
    world.get("erin", "/v1/me");
    world.stores.down = true;
    var answer =
        world.post("erin", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"1h\"}");
    assertThat(code(answer)).isEqualTo("ledger_unavailable");
  }

  private static String person(String subject) {
    return "{\"issuer\":\"staff\",\"subject\":\"" + subject + "\",\"reason\":\"left the team\"}";
  }

  @Test
  void an_administrator_suspends_and_reinstates() {
    world.get("bob", "/v1/me");
    var id = world.pending();
    var first = world.post("pat", "/v1/people/suspend", person("bob"));
    assertThat(json(first))
        .isEqualTo(
            new JsonObject(
                """
                {"issuer":"staff","subject":"bob","suspended":true,"changed":true}\
                """));
    assertThat(json(world.post("pat", "/v1/people/suspend", person("bob"))).getBoolean("changed"))
        .isFalse();
    assertThat(code(world.post("bob", "/v1/requests/" + id + "/approve", "{}")))
        .isEqualTo("suspended");
    assertThat(world.post("pat", "/v1/people/reinstate", person("bob")).statusCode())
        .isEqualTo(200);
    assertThat(world.post("bob", "/v1/requests/" + id + "/approve", "{}").statusCode())
        .isEqualTo(200);
  }

  @Test
  void only_administrators_suspend_and_only_who_is_known_with_a_reason() {
    world.get("bob", "/v1/me");
    for (var who : List.of("alice", "bob", "erin", "run")) {
      assertThat(code(world.post(who, "/v1/people/suspend", person("bob"))))
          .isEqualTo("not_allowed");
    }
    assertThat(code(world.post("pat", "/v1/people/suspend", person("nobody"))))
        .isEqualTo("not_found");
    assertThat(code(world.post("pat", "/v1/people/suspend", person("\\u0000"))))
        .isEqualTo("member_invalid");
    assertThat(code(world.post("pat", "/v1/people/suspend", "{\"issuer\":\"staff\"}")))
        .isEqualTo("member_invalid");
    assertThat(
            code(
                world.post(
                    "pat",
                    "/v1/people/suspend",
                    "{\"issuer\":\"staff\",\"subject\":\"bob\",\"reason\":\" \"}")))
        .isEqualTo("member_invalid");
  }

  @Test
  void nobody_lifts_their_own_suspension_and_two_who_are_suspended_not_each_others() {
    world.get("quin", "/v1/me");
    world.post("quin", "/v1/people/suspend", person("quin"));
    assertThat(code(world.post("quin", "/v1/people/reinstate", person("quin"))))
        .isEqualTo("self_reinstatement");
    world.post("pat", "/v1/people/suspend", person("pat"));
    assertThat(code(world.post("pat", "/v1/people/reinstate", person("quin"))))
        .isEqualTo("suspended");
  }

  @Test
  void the_ledger_is_for_auditors_and_reading_it_is_written_down() {
    assertThat(code(world.get("alice", "/v1/ledger"))).isEqualTo("not_allowed");
    assertThat(code(world.get("alice", "/v1/ledger/export"))).isEqualTo("not_allowed");
    var page = json(world.get("erin", "/v1/ledger"));
    assertThat(page.getJsonArray("entries").getJsonObject(0).getString("kind"))
        .isEqualTo("ledger_read");
    var csv = world.get("erin", "/v1/ledger/export?format=csv");
    assertThat(csv.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
    assertThat(csv.body()).startsWith("number,at,kind").contains("\"ledger_read\"");
    assertThat(world.get("erin", "/v1/ledger/export").body().lines()).hasSize(3);
  }

  @Test
  void only_administrators_stop_and_then_nothing_is_issued() {
    world.post("alice", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"30m\"}");
    assertThat(code(world.post("alice", "/v1/stop", "{}"))).isEqualTo("not_allowed");
    assertThat(json(world.post("pat", "/v1/stop", "{\"reason\":\"odd\"}")).getBoolean("changed"))
        .isTrue();
    var refused = world.post("alice", "/v1/roles/staging-admin/credentials", "{}");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(code(refused)).isEqualTo("stopped");
    assertThat(json(world.post("pat", "/v1/resume", "")).getBoolean("stopped")).isFalse();
    assertThat(world.post("alice", "/v1/roles/staging-admin/credentials", "{}").statusCode())
        .isEqualTo(200);
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

  private static JsonObject json(HttpResponse<String> answer) {
    return new JsonObject(answer.body());
  }

  private static String code(HttpResponse<String> answer) {
    return json(answer).getString("code");
  }
}
