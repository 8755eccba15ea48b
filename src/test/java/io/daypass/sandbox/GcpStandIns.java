package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.gcp.GcpStandIn;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An issuer, a strict Google that trusts it, and how both are spoken to. */
abstract class GcpStandIns {

  static final String PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
  static final String LOGS = "daypass-gcp-logs@acme-prod.iam.gserviceaccount.com";
  static final String BINDER = "daypass-binder@acme-prod.iam.gserviceaccount.com";
  final TestBroker broker = new TestBroker();
  final MovingClock clock = new MovingClock(Instant.now());
  Sandbox sandbox;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.options().clock(clock).start().trust(broker.url());
  }

  @AfterEach
  void stop() {
    sandbox.close();
    broker.close();
  }

  Map<String, Object> claims() {
    var now = clock.instant().getEpochSecond();
    return new LinkedHashMap<>(
        Map.of(
            "iss",
            broker.url(),
            "sub",
            "role:gcp-logs",
            "aud",
            GcpStandIn.PROVIDER,
            "iat",
            now,
            "exp",
            now + 60,
            "jti",
            "01J"));
  }

  Map<String, Object> with(String claim, Object value) {
    var claims = claims();
    claims.put(claim, value);
    return claims;
  }

  Map<String, String> form() {
    return new LinkedHashMap<>(
        Map.of(
            "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
            "audience", GcpStandIn.PROVIDER,
            "scope", PLATFORM,
            "requested_token_type", "urn:ietf:params:oauth:token-type:access_token",
            "subject_token_type", "urn:ietf:params:oauth:token-type:jwt",
            "subject_token", ""));
  }

  HttpResponse<String> post(Map<String, String> form) {
    return Http.post(sandbox.url() + "/gcp/sts/v1/token", form);
  }

  HttpResponse<String> exchange(Map<String, ?> claimsOrToken) {
    var form = form();
    form.put(
        "subject_token",
        claimsOrToken.get("subject_token") instanceof String token
            ? token
            : broker.es256(new LinkedHashMap<>(claimsOrToken)));
    return post(form);
  }

  String federated(Map<String, Object> claims) {
    return new JsonObject(exchange(claims).body()).getString("access_token");
  }

  void refused(String code, Map<String, Object> claims) {
    var answer = exchange(claims);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo(code);
  }

  HttpResponse<String> generate(String token, String account, String lifetime, String... scopes) {
    var body =
        new JsonObject().put("scope", new JsonArray(List.of(scopes))).put("lifetime", lifetime);
    return Http.postJson(
        sandbox.url()
            + "/gcp/iamcredentials/v1/projects/-/serviceAccounts/"
            + account
            + ":generateAccessToken",
        body.encode(),
        "Authorization",
        "Bearer " + token);
  }

  static String status(HttpResponse<String> answer) {
    var error = new JsonObject(answer.body()).getJsonObject("error");
    assertThat(error.getInteger("code")).isEqualTo(answer.statusCode());
    return error.getString("status");
  }

  JsonObject allowed(String token, String role) {
    var query = role.isEmpty() ? "" : "?resource=" + GcpStandIn.PROJECT + "&role=" + role;
    return new JsonObject(
        Http.get(sandbox.url() + "/gcp/allowed" + query, "Authorization", "Bearer " + token)
            .body());
  }

  HttpResponse<String> rm(String token, String action, JsonObject body) {
    return Http.postJson(
        sandbox.url() + "/gcp/resourcemanager/v3/" + GcpStandIn.PROJECT + ":" + action,
        body.encode(),
        "Authorization",
        "Bearer " + token);
  }
}
