package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What there is to have, and having it. */
class RoleCallsTest extends ApiCalls {

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
  void an_explanation_says_what_a_request_must_bring() {
    var reviewed = json(world.get("alice", "/v1/roles/prod-admin/explain?duration=2h"));
    assertThat(reviewed.getBoolean("reason_required")).isTrue();
    assertThat(reviewed.getString("ticket")).isEqualTo("OPS-[0-9]+");
    var automatic = json(world.get("alice", "/v1/roles/staging-admin/explain"));
    assertThat(automatic.getBoolean("reason_required")).isFalse();
    assertThat(automatic.fieldNames()).doesNotContain("ticket");
    assertThat(json(world.get("erin", "/v1/roles/prod-admin/explain")).fieldNames())
        .doesNotContain("reason_required", "ticket");
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
    var unknown = world.get("erin", path.replace("alice", "nobody"));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(json(unknown).getString("next")).contains("issuer and subject");
  }

  @Test
  void a_subject_alone_will_do_where_one_issuer_has_it() {
    var path = "/v1/roles/staging-admin/explain?as=";
    assertThat(json(world.get("erin", path + "alice")).getString("decision")).isEqualTo("granted");
    assertThat(json(world.get("erin", path + "pat")).getString("decision")).isEqualTo("denied");
    assertThat(world.get("erin", path).statusCode()).isEqualTo(404);
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
  void a16_a_run_that_only_asks_is_sent_to_where_it_can_wait_and_its_token_is_not_spent() {
    var asked = world.post("run", "/v1/requests", "{\"role\":\"ci-deploy\",\"duration\":\"20m\"}");
    assertThat(asked.statusCode()).isEqualTo(403);
    assertThat(code(asked)).isEqualTo("cannot_wait_here");
    assertThat(json(asked).getString("next")).contains("POST /v1/roles/{role}/credentials");
    assertThat(world.stores.requests).isEmpty();
    assertThat(world.get("run", "/v1/roles/ci-deploy/explain").statusCode()).isEqualTo(200);
    assertThat(world.post("run", "/v1/roles/ci-deploy/credentials", "{}").statusCode())
        .isEqualTo(200);
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

  @Test
  void a_credential_so_short_that_no_cloud_gives_it_is_not_begun() {
    world.post("alice", "/v1/requests", "{\"role\":\"staging-admin\",\"duration\":\"30m\"}");
    var written = world.stores.entries.size();
    var path = "/v1/roles/staging-admin/credentials";
    assertThat(code(world.post("alice", path, "{\"duration\":\"14s\"}")))
        .isEqualTo("member_invalid");
    assertThat(world.stores.entries).hasSize(written);
    assertThat(world.post("alice", path, "{\"duration\":\"15s\"}").statusCode()).isEqualTo(200);
  }

  @Test
  void what_cannot_be_read_is_named() {
    assertThat(json(world.get("alice", "/v1/roles/-x/explain")).getString("detail"))
        .startsWith("\"role\" must be");
    var path = "/v1/roles/staging-admin/explain?duration=long";
    assertThat(json(world.get("alice", path)).getString("detail"))
        .startsWith("\"duration\" must be");
  }
}
