package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import io.daypass.sandbox.gcp.GcpStandIn;
import io.daypass.sandbox.gcp.StandInAccount;
import io.daypass.sandbox.gcp.StandInProvider;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each rule of Google's that the stand-in holds callers to. */
class GcpStandInTest {

  private static final String PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
  private static final String LOGS = "daypass-gcp-logs@acme-prod.iam.gserviceaccount.com";
  private static final String BINDER = "daypass-binder@acme-prod.iam.gserviceaccount.com";
  private static final String STORAGE = "roles/storage.objectAdmin";
  private static final String MEMBER =
      "serviceAccount:daypass-gcp-storage@acme-prod.iam.gserviceaccount.com";

  private final TestBroker broker = new TestBroker();
  private final MovingClock clock = new MovingClock(Instant.now());
  private Sandbox sandbox;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.options().clock(clock).start().trust(broker.url());
  }

  @AfterEach
  void stop() {
    sandbox.close();
    broker.close();
  }

  @Test
  void a_good_assertion_of_either_algorithm_gets_a_federated_token() {
    for (var token : List.of(broker.es256(claims()), broker.rs256(claims()))) {
      var answer = exchange(Map.of("subject_token", token));
      assertThat(answer.statusCode()).isEqualTo(200);
      var body = new JsonObject(answer.body());
      assertThat(body.getString("access_token")).startsWith("ya29.d.");
      assertThat(body.getString("token_type")).isEqualTo("Bearer");
      assertThat(body.getString("issued_token_type"))
          .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
      assertThat(body.getInteger("expires_in")).isEqualTo(3599);
    }
    var call = sandbox.calls().list("gcp.sts", "token").getFirst();
    assertThat(call.facts()).containsEntry("subject", "role:gcp-logs");
    assertThat(sandbox.calls().reply().body()).doesNotContain("ya29.");
  }

  @Test
  void both_spellings_of_the_audience_are_the_providers_own_and_no_other() {
    assertThat(exchange(with("aud", "https:" + GcpStandIn.PROVIDER)).statusCode()).isEqualTo(200);
    refused("invalid_grant", with("aud", GcpStandIn.PROVIDER + "x"));
    refused("invalid_grant", with("aud", "daypass-aws-123456789012"));
    refused("invalid_grant", with("aud", List.of(GcpStandIn.PROVIDER, "elsewhere")));
  }

  @Test
  void a_provider_with_audiences_of_its_own_takes_no_other() {
    var own =
        new StandInProvider(
            GcpStandIn.PROVIDER,
            broker.url(),
            List.of("daypass-gcp"),
            Map.of("google.subject", "assertion.sub"),
            null);
    sandbox.gcp().add(own);
    assertThat(exchange(with("aud", "daypass-gcp")).statusCode()).isEqualTo(200);
    refused("invalid_grant", claims());
  }

  @Test
  void a_form_that_asks_for_something_else_is_refused() {
    refusedForm("unsupported_grant_type", "grant_type", "client_credentials");
    refusedForm("invalid_request", "requested_token_type", "urn:ietf:params:oauth:token-type:jwt");
    refusedForm("invalid_request", "subject_token_type", "urn:x");
    refusedForm("invalid_request", "audience", "daypass");
    refusedForm("invalid_target", "audience", GcpStandIn.PROVIDER + "-not");
    refusedForm("invalid_request", "scope", "");
    refusedForm("invalid_scope", "scope", "cloud-platform");
    refusedForm("invalid_grant", "subject_token", "abc");
  }

  @Test
  void an_issuer_or_a_key_of_somebody_else_is_refused() {
    refused("invalid_grant", with("iss", broker.url() + "/"));
    var other = TestBroker.newEc();
    var stolenId = TestBroker.sign(JWSAlgorithm.ES256, broker.key().getKeyID(), claims(), other);
    var unknownId = TestBroker.sign(JWSAlgorithm.ES256, other.getKeyID(), claims(), other);
    refusedForm("invalid_grant", "subject_token", stolenId);
    refusedForm("invalid_grant", "subject_token", unknownId);
    var parts = broker.es256(claims()).split("\\.", -1);
    var changed = broker.es256(with("sub", "role:gcp-storage")).split("\\.", -1);
    refusedForm("invalid_grant", "subject_token", parts[0] + "." + changed[1] + "." + parts[2]);
  }

  @Test
  void times_outside_their_limits_are_refused() {
    var now = clock.instant().getEpochSecond();
    refused("invalid_grant", with("exp", now - 1));
    refused("invalid_grant", with("exp", now + 90_000));
    refused("invalid_grant", with("iat", now + 40));
    refused("invalid_grant", with("nbf", now + 1000));
    for (var name : List.of("iss", "aud", "exp", "iat", "sub")) {
      var claims = claims();
      claims.remove(name);
      refused("invalid_grant", claims);
    }
  }

  @Test
  void a_subject_of_more_than_127_bytes_is_refused() {
    assertThat(exchange(with("sub", "role:" + "x".repeat(122))).statusCode()).isEqualTo(200);
    refused("invalid_request", with("sub", "role:" + "x".repeat(123)));
  }

  @Test
  void the_providers_condition_decides_who_passes() {
    refused("unauthorized_client", with("sub", "alice"));
  }

  @Test
  void an_issuer_that_cannot_be_reached_vouches_for_nobody() {
    sandbox.gcp().trust("http://localhost:1");
    refused("invalid_grant", with("iss", "http://localhost:1"));
  }

  @Test
  void the_subject_may_be_mapped_so_that_the_trail_names_the_request() {
    var provider =
        new StandInProvider(
            GcpStandIn.PROVIDER,
            broker.url(),
            List.of(),
            Map.of(
                "google.subject", "assertion.daypass.session", "attribute.role", "assertion.sub"),
            "assertion.sub.startsWith('role:')");
    sandbox.gcp().add(provider);
    var account =
        StandInAccount.of(
            LOGS,
            GcpStandIn.principal("x")
                .replace("principal:", "principalSet:")
                .replace("/subject/x", "/attribute.role/role:gcp-logs"));
    sandbox.gcp().add(account);
    var claims = with("daypass", Map.of("session", "alice@acme.example-01J"));
    var answer = generate(federated(claims), LOGS, "600s", PLATFORM);
    assertThat(answer.statusCode()).isEqualTo(200);
    var allowed = allowed(new JsonObject(answer.body()).getString("accessToken"), "");
    assertThat(allowed.getString("actor")).isEqualTo("alice@acme.example-01J");
  }

  @Test
  void impersonation_gives_a_token_of_the_life_that_was_asked_for() {
    var answer = generate(federated(claims()), LOGS, "300s", PLATFORM);
    assertThat(answer.statusCode()).isEqualTo(200);
    var body = new JsonObject(answer.body());
    assertThat(Instant.parse(body.getString("expireTime")))
        .isEqualTo(
            clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).plusSeconds(300));
    var token = body.getString("accessToken");
    assertThat(allowed(token, "").getBoolean("allowed")).isTrue();
    clock.forward(301);
    assertThat(allowed(token, "").getString("why")).startsWith("the token expired");
  }

  @Test
  void a_subject_that_may_not_impersonate_and_an_account_that_is_not_there_answer_alike() {
    var token = federated(claims());
    var other = generate(token, BINDER, "300s", PLATFORM);
    var missing = generate(token, "nobody@acme-prod.iam.gserviceaccount.com", "300s", PLATFORM);
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(status(other)).isEqualTo("PERMISSION_DENIED");
    assertThat(other.body()).isEqualTo(missing.body());
  }

  @Test
  void a_life_or_a_scope_outside_the_limits_is_refused() {
    var token = federated(claims());
    for (var lifetime : List.of("3601s", "0s", "-1s", "300", "5m", "1.5s")) {
      assertThat(status(generate(token, LOGS, lifetime, PLATFORM))).isEqualTo("INVALID_ARGUMENT");
    }
    assertThat(status(generate(token, LOGS, "300s"))).isEqualTo("INVALID_ARGUMENT");
    assertThat(status(generate(token, LOGS, "300s", "logging"))).isEqualTo("INVALID_ARGUMENT");
    sandbox
        .gcp()
        .add(
            StandInAccount.of(LOGS, GcpStandIn.principal("role:gcp-logs"))
                .living(Duration.ofHours(12)));
    assertThat(generate(token, LOGS, "43200s", PLATFORM).statusCode()).isEqualTo(200);
    assertThat(status(generate(token, LOGS, "43201s", PLATFORM))).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void a_token_that_is_none_or_has_expired_or_too_little_scope_impersonates_nobody() {
    assertThat(status(generate("ya29.none", LOGS, "300s", PLATFORM))).isEqualTo("UNAUTHENTICATED");
    var form = form();
    form.put("scope", "https://www.googleapis.com/auth/logging.read");
    form.put("subject_token", broker.es256(claims()));
    var narrow = new JsonObject(post(form).body()).getString("access_token");
    assertThat(status(generate(narrow, LOGS, "300s", PLATFORM))).isEqualTo("PERMISSION_DENIED");
    var token = federated(claims());
    clock.forward(3600);
    assertThat(status(generate(token, LOGS, "300s", PLATFORM))).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void a_disabled_account_gets_no_token_and_its_tokens_are_good_for_nothing() {
    var token = federated(claims());
    var live =
        new JsonObject(generate(token, LOGS, "300s", PLATFORM).body()).getString("accessToken");
    var account = StandInAccount.of(LOGS, GcpStandIn.principal("role:gcp-logs"));
    sandbox.gcp().add(account.disabled());
    assertThat(status(generate(token, LOGS, "300s", PLATFORM))).isEqualTo("FAILED_PRECONDITION");
    assertThat(allowed(live, "").getBoolean("allowed")).isFalse();
    sandbox.gcp().add(account);
    assertThat(allowed(live, "").getBoolean("allowed")).isTrue();
  }

  @Test
  void a_binding_holds_until_its_condition_does_not() {
    var binder = binder();
    var policy = read(binder);
    var end = clock.instant().plusSeconds(60).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    policy.put("version", 3).getJsonArray("bindings").add(binding(STORAGE, end, "Daypass 1"));
    assertThat(write(binder, policy).statusCode()).isEqualTo(200);
    var token = storageToken();
    assertThat(allowed(token, STORAGE).getBoolean("allowed")).isTrue();
    clock.forward(61);
    assertThat(allowed(token, STORAGE).getString("why")).startsWith("no binding in force");
  }

  @Test
  void a_binding_works_only_after_a_moment() {
    sandbox.gcp().propagation(Duration.ofSeconds(7));
    var binder = binder();
    var policy = read(binder);
    policy
        .put("version", 3)
        .getJsonArray("bindings")
        .add(binding(STORAGE, clock.instant().plusSeconds(600), "Daypass 1"));
    write(binder, policy);
    var token = storageToken();
    assertThat(allowed(token, STORAGE).getBoolean("allowed")).isFalse();
    clock.forward(8);
    assertThat(allowed(token, STORAGE).getBoolean("allowed")).isTrue();
  }

  @Test
  void a_policy_made_of_an_older_one_is_refused() {
    var binder = binder();
    var policy = read(binder);
    sandbox
        .gcp()
        .editPolicy(
            GcpStandIn.PROJECT,
            new JsonObject()
                .put("role", "roles/viewer")
                .put("members", new JsonArray().add("user:zoe@acme.example")));
    policy
        .put("version", 3)
        .getJsonArray("bindings")
        .add(binding(STORAGE, clock.instant().plusSeconds(600), "Daypass 1"));
    // What the older copy leaves out would be taken away, which this account may not do either.
    policy
        .getJsonArray("bindings")
        .add(
            new JsonObject()
                .put("role", "roles/viewer")
                .put("members", new JsonArray().add("user:zoe@acme.example")));
    var answer = write(binder, policy);
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(status(answer)).isEqualTo("ABORTED");
  }

  @Test
  void a_policy_that_iam_would_not_keep_is_refused() {
    var binder = binder();
    var end = clock.instant().plusSeconds(600);
    refusedPolicy(binder, "INVALID_ARGUMENT", read(binder).put("version", 1), STORAGE, end);
    var without = read(binder).put("version", 3);
    without.remove("etag");
    refusedPolicy(binder, "INVALID_ARGUMENT", without, STORAGE, end);
    refusedPolicy(binder, "INVALID_ARGUMENT", read(binder).put("version", 3), "roles/editor", end);
    refusedPolicy(
        binder, "PERMISSION_DENIED", read(binder).put("version", 3), "roles/compute.admin", end);
    var many = read(binder).put("version", 3);
    for (int i = 0; i < 20; i++) {
      many.getJsonArray("bindings").add(binding(STORAGE, end, "Daypass " + i));
    }
    refusedPolicy(binder, "INVALID_ARGUMENT", many, STORAGE, end);
  }

  @Test
  void conditions_are_read_only_by_those_who_ask_for_version_3() {
    var binder = binder();
    var policy = read(binder);
    policy
        .put("version", 3)
        .getJsonArray("bindings")
        .add(binding(STORAGE, clock.instant().plusSeconds(600), "Daypass 1"));
    write(binder, policy);
    var plain = new JsonObject(rm(binder, "getIamPolicy", new JsonObject()).body());
    assertThat(plain.encode()).contains("_withcond_").doesNotContain("condition\"");
    assertThat(read(binder).encode()).contains("condition\"");
  }

  @Test
  void only_an_account_with_the_right_reads_or_edits_policies() {
    var token =
        new JsonObject(generate(federated(claims()), LOGS, "300s", PLATFORM).body())
            .getString("accessToken");
    assertThat(status(rm(token, "getIamPolicy", new JsonObject()))).isEqualTo("PERMISSION_DENIED");
    assertThat(status(rm("ya29.x", "getIamPolicy", new JsonObject()))).isEqualTo("UNAUTHENTICATED");
    var project =
        Http.get(
            sandbox.url() + "/gcp/resourcemanager/v1/projects/acme-prod",
            "Authorization",
            "Bearer " + token);
    assertThat(new JsonObject(project.body()).getString("projectId")).isEqualTo("acme-prod");
  }

  @Test
  void faults_show_at_every_service() {
    sandbox.gcp().stsFaults().next(new Fault.Refuse(429, "RESOURCE_EXHAUSTED"), 1);
    assertThat(exchange(claims()).statusCode()).isEqualTo(429);
    var token = federated(claims());
    sandbox.gcp().iamFaults().next(new Fault.Refuse(503, "UNAVAILABLE"), 1);
    assertThat(status(generate(token, LOGS, "300s", PLATFORM))).isEqualTo("UNAVAILABLE");
    sandbox.gcp().resourceFaults().next(new Fault.Refuse(500, "INTERNAL"), 1);
    assertThat(status(rm(token, "getIamPolicy", new JsonObject()))).isEqualTo("INTERNAL");
  }

  private Map<String, Object> claims() {
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

  private Map<String, Object> with(String claim, Object value) {
    var claims = claims();
    claims.put(claim, value);
    return claims;
  }

  private Map<String, String> form() {
    return new LinkedHashMap<>(
        Map.of(
            "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
            "audience", GcpStandIn.PROVIDER,
            "scope", PLATFORM,
            "requested_token_type", "urn:ietf:params:oauth:token-type:access_token",
            "subject_token_type", "urn:ietf:params:oauth:token-type:jwt",
            "subject_token", ""));
  }

  private HttpResponse<String> post(Map<String, String> form) {
    return Http.post(sandbox.url() + "/gcp/sts/v1/token", form);
  }

  private HttpResponse<String> exchange(Map<String, ?> claimsOrToken) {
    var form = form();
    form.put(
        "subject_token",
        claimsOrToken.get("subject_token") instanceof String token
            ? token
            : broker.es256(new LinkedHashMap<>(claimsOrToken)));
    return post(form);
  }

  private String federated(Map<String, Object> claims) {
    return new JsonObject(exchange(claims).body()).getString("access_token");
  }

  private void refused(String code, Map<String, Object> claims) {
    var answer = exchange(claims);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo(code);
  }

  private void refusedForm(String code, String field, String value) {
    var form = form();
    form.put("subject_token", broker.es256(claims()));
    form.put(field, value);
    var answer = post(form);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo(code);
  }

  private HttpResponse<String> generate(
      String token, String account, String lifetime, String... scopes) {
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

  private static String status(HttpResponse<String> answer) {
    var error = new JsonObject(answer.body()).getJsonObject("error");
    assertThat(error.getInteger("code")).isEqualTo(answer.statusCode());
    return error.getString("status");
  }

  private JsonObject allowed(String token, String role) {
    var query = role.isEmpty() ? "" : "?resource=" + GcpStandIn.PROJECT + "&role=" + role;
    return new JsonObject(
        Http.get(sandbox.url() + "/gcp/allowed" + query, "Authorization", "Bearer " + token)
            .body());
  }

  private String binder() {
    var federated = federated(with("sub", "daypass:binder"));
    return new JsonObject(generate(federated, BINDER, "300s", PLATFORM).body())
        .getString("accessToken");
  }

  private String storageToken() {
    var federated = federated(with("sub", "role:gcp-storage"));
    var account = "daypass-gcp-storage@acme-prod.iam.gserviceaccount.com";
    return new JsonObject(generate(federated, account, "3600s", PLATFORM).body())
        .getString("accessToken");
  }

  private HttpResponse<String> rm(String token, String action, JsonObject body) {
    return Http.postJson(
        sandbox.url() + "/gcp/resourcemanager/v3/" + GcpStandIn.PROJECT + ":" + action,
        body.encode(),
        "Authorization",
        "Bearer " + token);
  }

  private JsonObject read(String binder) {
    var options = new JsonObject().put("requestedPolicyVersion", 3);
    return new JsonObject(
        rm(binder, "getIamPolicy", new JsonObject().put("options", options)).body());
  }

  private HttpResponse<String> write(String binder, JsonObject policy) {
    return rm(binder, "setIamPolicy", new JsonObject().put("policy", policy));
  }

  private void refusedPolicy(
      String binder, String status, JsonObject policy, String role, Instant end) {
    policy.getJsonArray("bindings").add(binding(role, end, "Daypass one more"));
    assertThat(status(write(binder, policy))).isEqualTo(status);
  }

  private static JsonObject binding(String role, Instant end, String title) {
    return new JsonObject()
        .put("role", role)
        .put("members", new JsonArray().add(MEMBER))
        .put(
            "condition",
            new JsonObject()
                .put("title", title)
                .put("expression", "request.time < timestamp(\"" + end + "\")"));
  }
}
