package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ways from a request to a credential and back, as people and programs go them. */
class WalkTest {

  private final World world = Shared.world();
  private final Api api = Shared.api();
  private final String alice = world.person("alice");
  private final String bob = world.person("bob");

  @BeforeEach
  @AfterEach
  void nobody_has_a_grant() {
    Shared.forgetGrants();
  }

  private JsonObject allowed(String accessKeyId) {
    return new Api(world.sandbox.url()).get("/aws/allowed?access_key_id=" + accessKeyId).json();
  }

  @Test
  void a_person_takes_credentials_that_a_rule_gives_at_once() throws Exception {
    api.credentials("staging-admin", alice).is(403, "approval_required");
    var made =
        api.post(
                "/v1/requests", alice, "role", "staging-admin", "duration", "30m", "reason", "look")
            .is(201);
    assertThat(made.text("state")).isEqualTo("approved");
    assertThat(made.header("Location")).isEqualTo("/v1/requests/" + made.text("id"));
    var first = api.credentials("staging-admin", alice).is(200);
    var second = api.credentials("staging-admin", alice).is(200);
    assertThat(first.header("Daypass-Request")).isEqualTo(made.text("id"));
    assertThat(first.header("Cache-Control")).isEqualTo("no-store");
    assertThat(first.header("Daypass-Issuance")).isNotEqualTo(second.header("Daypass-Issuance"));
    assertThat(first.json().fieldNames())
        .containsExactlyInAnyOrder(
            "Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "AccountId");
    assertThat(world.records.kinds(made.text("id")))
        .containsExactly("request_made", "decided_by_rule", "intent", "sealed", "intent", "sealed");
    for (var answer : new Api.Answer[] {first, second}) {
      assertThat(world.records.seals(answer.text("AccessKeyId"))).isEqualTo(1);
    }
    var tags = allowed(first.text("AccessKeyId")).getJsonObject("tags");
    assertThat(tags.getString("DaypassRequest")).isEqualTo(made.text("id"));
  }

  @Test
  void a_person_takes_credentials_once_somebody_else_has_approved() {
    var id = api.ask(alice, "prod-readonly", "1h", "slow query");
    var waiting = api.credentials("prod-readonly", alice).is(202);
    assertThat(waiting.text("code")).isEqualTo("authorization_pending");
    assertThat(waiting.text("request_id")).isEqualTo(id);
    api.on(id, "approve", alice).is(403, "self_approval");
    api.on(id, "approve", world.person("dave")).is(404, "not_found");
    var approved = api.on(id, "approve", bob, "comment", "but shorter", "duration", "20m").is(200);
    assertThat(
            Duration.between(
                approved.instant("grant_starts_at"), approved.instant("grant_ends_at")))
        .isEqualTo(Duration.ofMinutes(20));
    api.on(id, "approve", bob).is(409, "already_decided");
    var keys = api.credentials("prod-readonly", alice).is(200);
    // The cloud counts whole seconds from its own now; later than the grant's end it may never be.
    var end = approved.instant("grant_ends_at");
    assertThat(keys.instant("Expiration")).isBetween(end.minusSeconds(2), end);
    api.credentials("prod-readonly", bob).is(403, "approval_required");
  }

  @Test
  void a_request_for_five_minutes_gets_keys_that_say_five_minutes() {
    var id = api.ask(alice, "prod-readonly", "5m", "five minutes");
    var approved = api.on(id, "approve", bob).is(200);
    var end = approved.instant("grant_ends_at");
    assertThat(Duration.between(approved.instant("grant_starts_at"), end))
        .isEqualTo(Duration.ofMinutes(5));
    var keys = api.credentials("prod-readonly", alice).is(200);
    assertThat(keys.instant("Expiration")).isEqualTo(end);
    var session = allowed(keys.text("AccessKeyId"));
    assertThat(Instant.parse(session.getString("policy_end"))).isEqualTo(end);
    assertThat(Instant.parse(session.getString("until"))).isEqualTo(end);
    // The cloud's own floor is 15 minutes: only the policy ends the session in time.
    assertThat(Instant.parse(session.getString("expires_at"))).isAfter(end);
    assertThat(session.getBoolean("allowed")).isTrue();
  }

  @Test
  void a_pipelines_token_opens_one_request_for_one_role() throws Exception {
    var run = world.run();
    var keys = api.credentials("ci-deploy", run).is(200);
    assertThat(world.records.seals(keys.text("AccessKeyId"))).isEqualTo(1);
    api.credentials("ci-deploy", run).is(403, "token_already_used");
    api.credentials("worker", world.run()).is(403, "denied_by_policy");
    api.credentials("ci-deploy", alice).is(403, "denied_by_policy");
    var fork = world.sandbox.github().token(Map.of("aud", world.url(), "repository", "evil/shop"));
    api.credentials("ci-deploy", fork).is(403, "denied_by_policy");
  }

  @Test
  void a_pipelines_release_waits_for_a_lead() {
    var run = world.sandbox.github().token(Map.of("aud", world.url(), "environment", "release"));
    var waiting = api.credentials("ci-release", run).is(202);
    assertThat(waiting.text("code")).isEqualTo("authorization_pending");
    assertThat(waiting.header("Retry-After")).isNotEmpty();
    var id = waiting.text("request_id");
    var seen = api.get("/v1/requests?to_decide=true", bob).list("requests");
    assertThat(seen).anyMatch(request -> request.getString("id").equals(id));
    api.on(id, "deny", bob, "comment", "not today").is(200);
    api.credentials("ci-release", run).is(403, "token_already_used");
  }

  @Test
  void a_pods_token_may_come_again_and_stays_under_its_first_grant() {
    var pod = world.pod();
    var first = api.credentials("worker", pod).is(200);
    var second = api.credentials("worker", pod).is(200);
    assertThat(second.header("Daypass-Request")).isEqualTo(first.header("Daypass-Request"));
    assertThat(second.header("Daypass-Issuance")).isNotEqualTo(first.header("Daypass-Issuance"));
    var other = world.sandbox.kubernetes().token(world.url(), "shop", "other");
    api.credentials("worker", other).is(403, "denied_by_policy");
    api.on(first.header("Daypass-Request"), "return", pod).is(200);
    api.credentials("worker", pod).is(403, "grant_returned");
  }

  @Test
  void a_request_ends_as_people_end_it_and_never_comes_back() {
    var denied = api.ask(alice, "prod-readonly", "1h", "to be denied");
    api.on(denied, "deny", bob).is(400, "member_invalid");
    assertThat(api.on(denied, "deny", bob, "comment", "no").is(200).text("state"))
        .isEqualTo("denied");
    api.on(denied, "approve", bob).is(409, "already_decided");
    var cancelled = api.ask(alice, "prod-readonly", "1h", "to be cancelled");
    api.on(cancelled, "cancel", bob).is(403, "not_allowed");
    assertThat(api.on(cancelled, "cancel", alice).is(200).text("state")).isEqualTo("cancelled");
    api.on(cancelled, "approve", bob).is(409, "already_decided");
    var returned = world.approved(api, "1h", "to be returned");
    api.on(returned, "return", bob).is(403, "not_allowed");
    assertThat(api.on(returned, "return", alice).is(200).text("state")).isEqualTo("returned");
    api.on(returned, "revoke", bob, "reason", "late").is(409, "already_ended");
    var revoked = world.approved(api, "1h", "to be revoked");
    api.on(revoked, "revoke", world.person("dave"), "reason", "x").is(404, "not_found");
    api.on(revoked, "revoke", world.person("erin"), "reason", "x").is(403, "not_allowed");
    assertThat(api.on(revoked, "revoke", bob, "reason", "enough").is(200).text("state"))
        .isEqualTo("revoked");
    api.credentials("prod-readonly", alice).is(403, "grant_revoked");
  }

  @Test
  void an_extension_is_a_request_of_its_own_that_begins_where_the_grant_ends() {
    var id = world.approved(api, "10m", "to be extended");
    var end = api.get("/v1/requests/" + id, alice).instant("grant_ends_at");
    var more = api.on(id, "extend", alice, "duration", "30m", "reason", "not done yet").is(201);
    assertThat(more.text("state")).isEqualTo("pending");
    assertThat(more.text("extends_request")).isEqualTo(id);
    api.on(more.text("id"), "approve", alice).is(403, "self_approval");
    var approved = api.on(more.text("id"), "approve", bob).is(200);
    assertThat(approved.instant("grant_starts_at")).isEqualTo(end);
    assertThat(approved.instant("grant_ends_at")).isEqualTo(end.plus(Duration.ofMinutes(30)));
    // The one that runs now still ends when it ends.
    assertThat(api.credentials("prod-readonly", alice).is(200).instant("Expiration"))
        .isEqualTo(end);
  }

  @Test
  void a_grant_that_is_to_start_later_gives_nothing_before() throws Exception {
    var starts = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
    var made =
        api.post(
                "/v1/requests",
                alice,
                "role",
                "staging-admin",
                "duration",
                "1h",
                "reason",
                "later",
                "starts_at",
                starts.toString())
            .is(201);
    assertThat(made.instant("grant_starts_at")).isEqualTo(starts);
    assertThat(made.instant("grant_ends_at")).isEqualTo(starts.plus(Duration.ofHours(1)));
    api.credentials("staging-admin", alice).is(403, "grant_not_started");
    assertThat(world.records.kinds(made.text("id"))).doesNotContain("intent");
    api.post(
            "/v1/requests",
            alice,
            "role",
            "staging-admin",
            "duration",
            "1h",
            "reason",
            "earlier",
            "starts_at",
            starts.minus(Duration.ofHours(2)).toString())
        .is(400, "member_invalid");
  }

  @Test
  void two_people_must_agree_on_production_and_a_ticket_is_whole() {
    api.post("/v1/requests", alice, "role", "prod-admin", "duration", "1h", "reason", "restart")
        .is(422, "ticket_required");
    api.post(
            "/v1/requests",
            alice,
            "role",
            "prod-admin",
            "duration",
            "1h",
            "reason",
            "restart",
            "ticket",
            "seeINC-1")
        .is(422, "ticket_mismatch");
    var id = api.ask(alice, "prod-admin", "1h", "restart");
    assertThat(api.on(id, "approve", bob).is(200).text("state")).isEqualTo("pending");
    api.on(id, "approve", bob).is(409, "already_voted");
    api.credentials("prod-admin", alice).is(202);
    assertThat(api.on(id, "approve", world.person("carol")).is(200).text("state"))
        .isEqualTo("approved");
    api.credentials("prod-admin", alice).is(200);
  }

  @Test
  void an_idempotency_key_makes_one_request_of_two_calls() {
    var key = UUID.randomUUID().toString();
    String[] wish = {"role", "staging-admin", "duration", "10m", "reason", "once"};
    var first = api.postWith("/v1/requests", alice, "Idempotency-Key", key, wish).is(201);
    var second = api.postWith("/v1/requests", alice, "Idempotency-Key", key, wish).is(200);
    assertThat(second.text("id")).isEqualTo(first.text("id"));
    String[] another = {"role", "staging-admin", "duration", "20m", "reason", "once"};
    api.postWith("/v1/requests", alice, "Idempotency-Key", key, another)
        .is(409, "idempotency_key_reused");
    api.postWith("/v1/requests", bob, "Idempotency-Key", key, wish).is(201);
  }

  @Test
  void lists_come_in_pages_and_a_cursor_is_its_readers_own() {
    var made = new HashSet<String>();
    for (int i = 0; i < 60; i++) {
      made.add(api.ask(world.person("dave"), "staging-admin", "10m", "page " + i));
    }
    var dave = world.person("dave");
    var seen = new HashSet<String>();
    var path = "/v1/requests?mine=true";
    var page = api.get(path, dave).is(200);
    var cursor = page.text("cursor");
    assertThat(page.list("requests")).hasSize(50);
    api.get(path + "&cursor=" + cursor, alice).is(400, "cursor_invalid");
    while (true) {
      page.list("requests")
          .forEach(request -> assertThat(seen.add(request.getString("id"))).isTrue());
      if (page.text("cursor") == null) {
        break;
      }
      page = api.get(path + "&cursor=" + page.text("cursor"), dave).is(200);
    }
    assertThat(seen).containsAll(made);
    var id = made.iterator().next();
    api.get("/v1/requests/" + id, dave).is(200);
    api.get("/v1/requests/" + id, alice).is(404, "not_found");
    api.get("/v1/requests/" + id, world.person("erin")).is(200);
  }

  @Test
  void a_stop_stops_everybody_until_an_administrator_resumes() {
    var pod = world.pod();
    api.credentials("worker", pod).is(200);
    api.post("/v1/stop", alice, "reason", "x").is(403, "not_allowed");
    var pat = world.person("pat");
    try {
      assertThat(api.post("/v1/stop", pat, "reason", "alarm").is(200).json())
          .isEqualTo(new JsonObject().put("stopped", true).put("changed", true));
      var refused = api.credentials("worker", pod).is(503, "stopped");
      assertThat(refused.header("Retry-After")).isEmpty();
      api.credentials("ci-deploy", world.run()).is(503, "stopped");
    } finally {
      api.post("/v1/resume", pat, "reason", "over").is(200);
    }
    api.credentials("worker", pod).is(200);
  }

  @Test
  void a_console_link_signs_in_once_and_ends_with_the_grant() throws Exception {
    var id = world.approved(api, "5m", "console");
    var end = api.get("/v1/requests/" + id, alice).instant("grant_ends_at");
    api.post("/v1/roles/prod-readonly/console", alice, "destination", "https://evil.example")
        .is(422, "no_such_destination");
    var link = api.post("/v1/roles/prod-readonly/console", alice, "destination", "ec2").is(200);
    assertThat(link.instant("expires_at")).isEqualTo(end);
    assertThat(link.header("Cache-Control")).isEqualTo("no-store");
    var page = browse(link.text("url"));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("Signed in to the console", "until <time datetime=\"" + end);
    assertThat(browse(link.text("url")).statusCode()).isEqualTo(400);
    api.post("/v1/roles/ci-deploy/console", world.run()).is(422, "no_such_destination");
  }

  private static HttpResponse<String> browse(String url) throws Exception {
    try (var browser = HttpClient.newHttpClient()) {
      return browser.send(
          HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void callers_are_told_who_they_are_what_they_may_have_and_why_not() {
    var me = api.get("/v1/me", alice).is(200).json();
    assertThat(me.getString("subject")).isEqualTo("alice");
    assertThat(me.getBoolean("auditor")).isFalse();
    assertThat(api.get("/v1/me", world.person("erin")).json().getBoolean("auditor")).isTrue();
    assertThat(api.get("/v1/me", world.person("pat")).json().getBoolean("administrator")).isTrue();
    assertThat(api.get("/v1/roles", alice).is(200).list("roles"))
        .extracting(role -> role.getString("name"))
        .contains("staging-admin", "prod-readonly", "prod-admin", "cluster-view")
        .doesNotContain("ci-deploy", "ci-release");
    assertThat(api.get("/v1/roles", world.run()).is(200).list("roles"))
        .extracting(role -> role.getString("name"))
        .containsExactly("ci-deploy");
    var why = api.get("/v1/roles/prod-readonly/explain?duration=1h", alice).is(200);
    assertThat(why.list("trace"))
        .filteredOn(rule -> rule.getBoolean("decided"))
        .extracting(rule -> rule.getString("rule"))
        .containsExactly("engineers, with a lead");
    assertThat(api.get("/v1/roles/ci-deploy/explain", alice).is(200).text("decision"))
        .isEqualTo("denied");
    var as = "?as=staff%20alice";
    var erin = world.person("erin");
    assertThat(api.get("/v1/roles/prod-readonly/explain" + as, erin).is(200).json())
        .isEqualTo(api.get("/v1/roles/prod-readonly/explain", alice).json());
    api.get("/v1/roles/prod-readonly/explain" + as, bob).is(403, "not_allowed");
  }

  @Test
  void anybody_reads_the_public_documents() {
    assertThat(api.get("/healthz").is(200).json().getBoolean("alive")).isTrue();
    assertThat(api.get("/readyz").is(200).json().getBoolean("ready")).isTrue();
    var discovery = api.get("/.well-known/openid-configuration").is(200);
    assertThat(discovery.text("issuer")).isEqualTo(world.url());
    assertThat(discovery.header("Cache-Control")).contains("max-age");
    assertThat(discovery.text("jwks_uri")).isEqualTo(world.url() + "/.well-known/jwks.json");
    assertThat(api.get("/.well-known/jwks.json").is(200).list("keys"))
        .hasSize(2)
        .noneMatch(key -> key.containsKey("d"));
    assertThat(api.get("/.well-known/daypass").is(200).list("issuers"))
        .extracting(issuer -> issuer.getString("name"))
        .containsExactly("staff");
    assertThat(api.get("/openapi.yaml").is(200).body()).startsWith("openapi: 3.1.0");
    var metrics = api.get("/metrics").is(200).body();
    assertThat(metrics).contains("daypass_http_requests_seconds_count");
    assertThat(metrics).doesNotContain("alice").doesNotContain("bob");
  }

  @Test
  void auditors_read_and_export_the_ledger_and_can_check_every_entry() throws Exception {
    var erin = world.person("erin");
    var id = world.approved(api, "5m", "for the \"auditors\", =1+1");
    api.get("/v1/ledger", alice).is(403, "not_allowed");
    api.get("/v1/ledger/export?format=csv", alice).is(403, "not_allowed");
    api.get("/v1/ledger?kind=nothing", erin).is(400, "parameter_invalid");
    var sha256 = MessageDigest.getInstance("SHA-256");
    var numbers = new ArrayList<Long>();
    var cursor = "";
    do {
      var page =
          api.get("/v1/ledger" + (cursor.isEmpty() ? "" : "?cursor=" + cursor), erin).is(200);
      for (var entry : page.list("entries")) {
        numbers.add(entry.getLong("number"));
        var canonical = entry.getString("canonical").getBytes(StandardCharsets.UTF_8);
        assertThat(HexFormat.of().formatHex(sha256.digest(canonical)))
            .isEqualTo(entry.getString("sha256"));
        assertThat(new JsonObject(entry.getString("canonical")).getLong("number"))
            .isEqualTo(entry.getLong("number"));
      }
      cursor = page.text("cursor") == null ? "" : page.text("cursor");
    } while (!cursor.isEmpty());
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
    var ours = api.get("/v1/ledger?role=prod-readonly&caller=alice&kind=request_made", erin);
    assertThat(ours.is(200).list("entries")).anyMatch(e -> id.equals(e.getString("request")));
    var jsonl = api.get("/v1/ledger/export?role=prod-readonly", erin).is(200);
    assertThat(jsonl.header("Content-Disposition")).contains("ledger.jsonl");
    assertThat(jsonl.body().lines().map(JsonObject::new))
        .isNotEmpty()
        .allMatch(entry -> entry.getString("role").equals("prod-readonly"));
    var csv = api.get("/v1/ledger/export?format=csv&role=prod-readonly", erin).is(200);
    assertThat(csv.header("Content-Type")).startsWith("text/csv");
    assertThat(csv.body().lines().count()).isEqualTo(jsonl.body().lines().count() + 1);
  }
}
