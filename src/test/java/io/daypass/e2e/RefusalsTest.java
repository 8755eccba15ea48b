package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.oidc.Provider;
import io.daypass.sandbox.oidc.SigningKeys;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bad input gets a 4xx with a stable code and a next step; never a 5xx or a hang (P9). */
class RefusalsTest {

  private static final String CI = "ci-deploy";

  private final World world = Shared.world();
  private final Api api = Shared.api();

  private String run(Map<String, Object> claims) {
    var all = new LinkedHashMap<String, Object>(Map.of("aud", world.url()));
    all.putAll(claims);
    return world.sandbox.github().token(all);
  }

  @Test
  void a_token_for_somebody_else_or_another_time_is_refused() {
    long now = Instant.now().getEpochSecond();
    api.credentials(CI, run(Map.of("aud", "sts.amazonaws.com"))).is(401, "audience_mismatch");
    api.credentials(CI, run(Map.of("aud", world.url() + "/"))).is(401, "audience_mismatch");
    api.credentials(CI, run(Map.of("iat", now - 600, "nbf", now - 600, "exp", now - 300)))
        .is(401, "token_expired");
    api.credentials(CI, run(Map.of("nbf", now + 300))).is(401, "token_not_yet_valid");
    api.credentials(CI, run(Map.of("exp", now + 30 * 24 * 3600))).is(401, "token_life_too_long");
    api.credentials(CI, run(Map.of("exp", Provider.ABSENT))).is(401, "claim_missing");
    api.credentials(CI, run(Map.of("exp", "soon"))).is(401, "claim_wrong_type");
    api.credentials(CI, run(Map.of("sub", " "))).is(401, "claim_empty");
  }

  @Test
  void a_token_that_nobody_who_is_believed_has_signed_is_refused() {
    var forged = SigningKeys.fresh();
    var issuer = world.sandbox.github().provider().issuer();
    long now = Instant.now().getEpochSecond();
    var claims =
        Map.<String, Object>of(
            "iss",
            issuer,
            "aud",
            world.url(),
            "sub",
            "repo:acme/shop:ref:refs/heads/main",
            "iat",
            now,
            "exp",
            now + 300,
            "jti",
            "forged");
    api.credentials(CI, forged.sign(claims)).is(401, "key_unknown");
    var elsewhere = new LinkedHashMap<>(claims);
    elsewhere.put("iss", "https://issuer.example");
    api.credentials(CI, forged.sign(elsewhere)).is(401, "issuer_unknown");
    elsewhere.put("iss", issuer + "/");
    api.credentials(CI, forged.sign(elsewhere)).is(401, "issuer_unknown");
    var good = world.run();
    var body = good.split("\\.", -1)[1];
    var tampered = good.replace(body, body.substring(0, body.length() - 4) + "AAAA");
    assertThat(api.credentials(CI, tampered).status()).isEqualTo(401);
    api.credentials(CI, world.sandbox.staff().token("alice", world.url()))
        .is(401, "audience_mismatch");
    api.credentials(CI, world.run()).is(200);
  }

  @Test
  void an_authorization_is_exactly_one_bearer_token() {
    var token = world.person("alice");
    for (var value : List.of("Bearer  " + token, "Basic YTpi", token, "Bearer")) {
      api.any(me().header("Authorization", value)).is(401, "authorization_malformed");
    }
    api.any(
            me().header("Authorization", "Bearer " + token)
                .header("Authorization", "Bearer " + token))
        .is(401, "authorization_malformed");
    var missing = api.any(me()).is(401, "credentials_missing");
    assertThat(missing.header("WWW-Authenticate")).startsWith("Bearer");
    api.any(HttpRequest.newBuilder(URI.create(api.url() + "/v1/me?access_token=" + token)))
        .is(400, "parameter_unknown");
    api.any(me().header("Cookie", "token=" + token)).is(401, "credentials_missing");
    api.any(me().header("Authorization", "Bearer " + "A".repeat(3) + ".A.A")).is(401);
  }

  private HttpRequest.Builder me() {
    return HttpRequest.newBuilder(URI.create(api.url() + "/v1/me"));
  }

  @Test
  void a_body_is_one_json_object_of_known_texts() {
    var alice = world.person("alice");
    for (var bad :
        Map.of(
                "{", "json_unreadable",
                "[]", "json_unreadable",
                "{} {}", "json_unreadable",
                "{\"role\":\"a\",\"role\":\"b\"}", "member_repeated",
                "{\"role\":1}", "member_invalid",
                "{\"role\":null}", "member_invalid",
                "{\"role\":\"staging-admin\",\"role_arn\":\"x\"}", "member_unknown",
                "{\"role\":\"../x\",\"duration\":\"1h\"}", "member_invalid",
                "{\"role\":\"staging-admin\",\"duration\":\"-1h\"}", "member_invalid",
                "{\"role\":\"staging-admin\",\"duration\":\"1h\",\"reason\":\"a\\u0000b\"}",
                    "member_invalid")
            .entrySet()) {
      api.postText("/v1/requests", alice, bad.getKey()).is(400, bad.getValue());
    }
    api.post("/v1/requests", alice, "role", "staging-admin", "duration", "9h", "reason", "x")
        .is(422, "duration_too_long");
    api.post("/v1/requests", alice, "role", "staging-admin", "duration", "1h")
        .is(422, "reason_required");
    api.post("/v1/requests", alice, "role", "no-such-role", "duration", "1h", "reason", "x")
        .is(403, "denied_by_policy");
    var form =
        api.request("/v1/requests", alice)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("role=staging-admin"));
    api.any(form).is(415, "content_type_unsupported");
    api.postText("/v1/requests", alice, "{\"reason\":\"" + "a".repeat(70_000) + "\"}")
        .is(413, "body_too_large");
  }

  @Test
  void what_is_not_there_or_not_meant_is_refused() {
    var alice = world.person("alice");
    api.get("/v1/nothing", alice).is(404, "not_found");
    api.get("/v1/requests/0000000000000000", alice).is(404, "not_found");
    api.get("/v1/requests/x", alice).is(404, "not_found");
    api.get("/v1/requests?state=nice", alice).is(400, "parameter_invalid");
    api.get("/v1/requests?colour=red", alice).is(400, "parameter_unknown");
    api.get("/v1/requests?role=a&role=b", alice).is(400, "parameter_repeated");
    api.get("/v1/requests?cursor=AAAA", alice).is(400, "cursor_invalid");
    var wrong = api.any(api.request("/v1/requests", alice).DELETE()).is(405, "method_not_allowed");
    assertThat(wrong.header("Allow")).contains("GET").contains("POST");
    var odd = api.request("/v1/requests", alice).header("Idempotency-Key", "a b");
    odd.header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                Api.json("role", "staging-admin", "duration", "1h", "reason", "x").encode()));
    api.any(odd).is(400, "idempotency_key_invalid");
  }

  @Test
  void w6_tricks_with_paths_and_framing_lead_nowhere() throws IOException {
    var bearer = "Authorization: Bearer " + world.person("alice") + "\r\n";
    for (var path :
        List.of(
            "/v1/../v1/me",
            "/v1/%2e%2e/v1/me",
            "/v1%2fme",
            "/v1/me;x=1",
            "/v1\\me",
            "//v1/me",
            "/v1/me/",
            "/V1/me",
            "/v1/./me",
            "/v1/me%00",
            "http://evil.example/v1/me",
            "/v1/m%65")) {
      var answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + bearer + "\r\n");
      assertThat(answer).as(path).matches("(?s)HTTP/1.1 40[04] .*");
      assertThat(answer).as(path).doesNotContain("alice");
    }
    var smuggled =
        "POST /v1/requests HTTP/1.1\r\nHost: localhost\r\n"
            + bearer
            + "Content-Type: application/json\r\nContent-Length: 2\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assertThat(raw(smuggled)).startsWith("HTTP/1.1 400 ");
    assertThat(
            raw("GET /v1/me HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(40_000) + "\r\n\r\n"))
        .matches("(?s)HTTP/1.[01] 431 .*");
    assertThat(raw("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .matches("(?s)HTTP/1.[01] 414 .*");
    assertThat(raw("HELLO\r\n\r\n")).matches("(?s)HTTP/1.[01] 400 .*");
    assertThat(api.get("/v1/me", world.person("alice")).status()).isEqualTo(200);
  }

  @Test
  void d9_a_token_in_a_url_or_a_cookie_opens_nothing_and_stays_in_no_log() throws IOException {
    var alice = world.person("alice");
    var run = world.run();
    for (var name : List.of("access_token", "token", "id_token", "authorization")) {
      for (var path : List.of("/v1/me", "/v1/roles", "/v1/requests", "/v1/ledger")) {
        var answer = api.get(path + "?" + name + "=" + alice);
        assertThat(answer.status()).as(path + " " + name).isIn(400, 401);
        assertThat(answer.body()).doesNotContain(alice);
      }
      for (var cookie : List.of(name, "__Host-daypass")) {
        api.any(me().header("Cookie", cookie + "=" + alice)).is(401, "credentials_missing");
      }
    }
    assertThat(api.get("/aws/container-credentials/" + CI + "?token=" + run).status())
        .isIn(400, 401);
    var sts = "/sts?Action=AssumeRoleWithWebIdentity&Version=2011-06-15&WebIdentityToken=" + run;
    assertThat(api.get(sts).is(400).body()).doesNotContain(run);
    for (var path :
        List.of(sts, "/oauth2/token?subject_token=" + run, "/oauth2/introspect?token=" + run)) {
      assertThat(api.any(Doorway.form(api, path, Map.of())).is(400).body()).doesNotContain(run);
    }
    // None of them has used it up.
    api.credentials(CI, run).is(200);
    var log = world.replicas().getFirst().log();
    assertThat(log.contains(alice) || log.contains(run)).as("a token stands in the log").isFalse();
  }

  @Test
  void w12_what_the_broker_does_inside_has_no_name_outside() throws Exception {
    var pat = world.person("pat");
    var id = api.ask(world.person("alice"), "prod-readonly", "5m", "left alone");
    for (var inside :
        List.of(
            "seal",
            "vote",
            "intend",
            "append",
            "end",
            "open",
            "mint",
            "issue",
            "remember",
            "close_orphans",
            "rewrap",
            "rotate",
            "migrate",
            "refresh",
            "setStopped")) {
      for (var path : List.of("/v1/requests/" + id + "/" + inside, "/v1/" + inside)) {
        api.post(path, pat).is(404, "not_found");
      }
      var sts = Map.of("Action", inside, "Version", "2011-06-15");
      assertThat(api.any(Doorway.form(api, "/sts", sts)).is(400).body()).contains("InvalidAction");
      var exchange = Map.of("grant_type", inside, "audience", CI);
      assertThat(api.any(Doorway.form(api, "/oauth2/token", exchange)).is(400).text("error"))
          .isEqualTo("unsupported_grant_type");
    }
    assertThat(api.get("/v1/requests/" + id, pat).is(200).text("state")).isEqualTo("pending");
    assertThat(world.records.kinds(id)).containsExactly("request_made", "decided_by_rule");
    api.on(id, "cancel", world.person("alice")).is(200);
  }

  /** The first answer to raw bytes. */
  private String raw(String text) throws IOException {
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(api.url()).getPort())) {
      socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void d2_the_brokers_own_assertion_opens_nothing_at_its_own_door() {
    api.credentials("worker", world.pod()).is(200);
    var assertion = world.gate.assertions().getLast();
    assertThat(new JsonObject(claims(assertion)).getString("iss")).isEqualTo(world.url());
    assertThat(api.get("/v1/me", assertion).status()).isEqualTo(401);
  }

  private static String claims(String token) {
    return new String(
        java.util.Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
  }
}
