package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.sandbox.azure.AzureStandIn;
import io.daypass.sandbox.azure.StandInApp;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each rule of Azure's that the stand-in holds callers to. */
class AzureStandInTest {

  private static final String STORAGE = AzureStandIn.storageIdentities().getFirst();
  private static final String SCOPE = "/subscriptions/" + AzureStandIn.SUBSCRIPTION;
  private static final String API = "?api-version=2022-04-01";

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

  private Map<String, Object> claims() {
    var now = clock.instant().getEpochSecond();
    return new LinkedHashMap<>(
        Map.of(
            "iss",
            broker.url(),
            "sub",
            "role:azure-storage",
            "aud",
            "api://AzureADTokenExchange",
            "iat",
            now,
            "exp",
            now + 60,
            "jti",
            UUID.randomUUID().toString()));
  }

  private Map<String, Object> with(String claim, Object value) {
    var claims = claims();
    claims.put(claim, value);
    return claims;
  }

  private Map<String, String> form(String assertion) {
    return new LinkedHashMap<>(
        Map.of(
            "grant_type", "client_credentials",
            "client_id", STORAGE,
            "scope", "https://storage.azure.com/.default openid profile offline_access",
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion", assertion));
  }

  private HttpResponse<String> ask(Map<String, String> form) {
    return Http.post(sandbox.url() + "/azure/" + AzureStandIn.TENANT + "/oauth2/v2.0/token", form);
  }

  private HttpResponse<String> ask(Map<String, Object> claims, String scope, String client) {
    var form = form(broker.rs256(claims));
    form.put("scope", scope);
    form.put("client_id", client);
    return ask(form);
  }

  private void refused(int code, Map<String, String> form) {
    var answer = ask(form);
    assertThat(answer.statusCode()).as(answer.body()).isIn(400, 401);
    var body = new JsonObject(answer.body());
    assertThat(body.getJsonArray("error_codes").getInteger(0)).isEqualTo(code);
    assertThat(body.getString("error_description")).startsWith("AADSTS" + code);
  }

  private void refusedClaims(int code, Map<String, Object> claims) {
    refused(code, form(broker.rs256(claims)));
  }

  private void refusedForm(int code, String name, String value) {
    var form = form(broker.rs256(claims()));
    form.put(name, value);
    refused(code, form);
  }

  @Test
  void a_good_assertion_gets_a_token_that_lives_60_to_90_minutes() {
    var answer = ask(form(broker.rs256(claims())));
    assertThat(answer.statusCode()).isEqualTo(200);
    var body = new JsonObject(answer.body());
    assertThat(body.getString("token_type")).isEqualTo("Bearer");
    assertThat(body.getInteger("expires_in")).isBetween(3_590, 5_400);
    var call = sandbox.calls().list("azure.entra", "token").getFirst();
    assertThat(call.facts()).containsEntry("subject", "role:azure-storage");
    assertThat(sandbox.calls().reply().body()).doesNotContain(body.getString("access_token"));
  }

  @Test
  void rs256_only_and_a_key_of_the_issuer_s() {
    refused(50027, form(broker.es256(claims())));
    refused(50027, form("abc"));
    var parts = broker.rs256(claims()).split("\\.", -1);
    var other = broker.rs256(with("sub", "role:azure-reports")).split("\\.", -1);
    refused(700213, form(other[0] + "." + other[1] + "." + parts[2]));
    var unsigned = broker.rs256(with("x", "y")).split("\\.", -1);
    refused(700027, form(unsigned[0] + "." + unsigned[1] + "." + parts[2]));
  }

  @Test
  void issuer_audience_and_subject_are_exactly_those_of_a_federated_credential() {
    refusedClaims(700211, with("iss", broker.url() + "/"));
    refusedClaims(700212, with("aud", "api://azureadtokenexchange"));
    refusedClaims(7002138, with("sub", "Role:azure-storage"));
    refusedClaims(700213, with("sub", "role:azure-storage "));
    refusedForm(700016, "client_id", UUID.randomUUID().toString());
  }

  @Test
  void times_are_there_and_within_their_limits() {
    var now = clock.instant().getEpochSecond();
    refusedClaims(700024, with("exp", now - 400));
    refusedClaims(700024, with("iat", now + 400));
    refusedClaims(700024, with("exp", now + 90_000));
    for (var name : new String[] {"exp", "iat", "jti"}) {
      var claims = claims();
      claims.remove(name);
      refusedClaims(50027, claims);
    }
  }

  @Test
  void the_form_is_that_of_client_credentials() {
    refusedForm(70003, "grant_type", "password");
    refusedForm(7000218, "client_assertion_type", "x");
    refusedForm(7000218, "client_secret", "x");
    refusedForm(1002012, "scope", "https://storage.azure.com/user_impersonation");
    refusedForm(1002012, "scope", "https://a/.default https://b/.default");
  }

  @Test
  void a_new_credential_takes_its_time() {
    sandbox.azure().credentialsPropagating(STORAGE, Duration.ofMinutes(1));
    refusedClaims(700213, claims());
    clock.forward(120);
    assertThat(ask(form(broker.rs256(claims()))).statusCode()).isEqualTo(200);
  }

  @Test
  void an_issuer_that_cannot_be_reached_vouches_for_nobody() {
    sandbox.azure().add(StandInApp.of(STORAGE, "o").trusting("http://localhost:1", "s"));
    var claims = with("iss", "http://localhost:1");
    claims.put("sub", "s");
    refusedClaims(50166, claims);
  }

  @Test
  void nobody_has_more_than_20_credentials() {
    var app = StandInApp.of(STORAGE, "o");
    for (var i = 0; i < 20; i++) {
      app = app.trusting(broker.url(), "s" + i);
    }
    var full = app;
    assertThatThrownBy(() -> full.trusting(broker.url(), "one more"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void over_tls_it_is_vouched_for_by_the_sandbox_alone() {
    assertThat(
            Http.get(
                    sandbox.url()
                        + "/azure/"
                        + AzureStandIn.TENANT
                        + "/v2.0/.well-known/openid-configuration")
                .body())
        .contains(sandbox.tlsUrl() + "/" + AzureStandIn.TENANT + "/oauth2/v2.0/token");
    assertThatThrownBy(() -> Http.get(sandbox.tlsUrl() + "/"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("PKIX");
  }

  // Resource Manager.

  private String token(String scope, String client, String subject) {
    var answer = ask(with("sub", subject), scope, client);
    return new JsonObject(answer.body()).getString("access_token");
  }

  private String binder() {
    return token("https://management.azure.com/.default", AzureStandIn.BINDER, "daypass:binder");
  }

  private static JsonObject wanted(String role, String principal, String type) {
    return new JsonObject()
        .put(
            "properties",
            new JsonObject()
                .put(
                    "roleDefinitionId",
                    SCOPE + "/providers/Microsoft.Authorization/roleDefinitions/" + role)
                .put("principalId", principal)
                .put("principalType", type));
  }

  private static JsonObject wanted() {
    return wanted(AzureStandIn.BLOB_READER, AzureStandIn.objectId(STORAGE), "ServicePrincipal");
  }

  private HttpResponse<String> arm(String method, String name, String body, String token) {
    return Http.any(
        method,
        sandbox.url()
            + "/azure/arm"
            + SCOPE
            + "/providers/Microsoft.Authorization/roleAssignments/"
            + name,
        body,
        "Authorization",
        "Bearer " + token);
  }

  private void armSays(int status, String code, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("code"))
        .isEqualTo(code);
  }

  @Test
  void an_assignment_is_made_shown_and_removed_by_its_name() {
    var by = binder();
    var name = UUID.randomUUID().toString();
    armSays(404, "RoleAssignmentNotFound", arm("GET", name + API, "", by));
    assertThat(arm("DELETE", name + API, "", by).statusCode()).isEqualTo(204);
    assertThat(arm("PUT", name + API, wanted().encode(), by).statusCode()).isEqualTo(201);
    assertThat(new JsonObject(arm("GET", name + API, "", by).body()).getString("name"))
        .isEqualTo(name);
    armSays(409, "RoleAssignmentExists", arm("PUT", name + API, wanted().encode(), by));
    armSays(
        409, "RoleAssignmentExists", arm("PUT", UUID.randomUUID() + API, wanted().encode(), by));
    assertThat(arm("DELETE", name + API, "", by).statusCode()).isEqualTo(200);
    assertThat(sandbox.azure().assignments()).isZero();
  }

  @Test
  void what_resource_manager_would_not_take_is_refused() {
    var by = binder();
    var name = UUID.randomUUID().toString();
    armSays(400, "MissingApiVersionParameter", arm("GET", name, "", by));
    armSays(
        400, "MissingApiVersionParameter", arm("GET", name + "?api-version=2015-07-01", "", by));
    armSays(400, "InvalidRoleAssignmentId", arm("PUT", "abc" + API, wanted().encode(), by));
    armSays(400, "InvalidRequestContent", arm("PUT", name + API, "{}", by));
    armSays(
        400,
        "PrincipalNotFound",
        arm(
            "PUT",
            name + API,
            wanted(AzureStandIn.BLOB_READER, UUID.randomUUID().toString(), "ServicePrincipal")
                .encode(),
            by));
    armSays(
        400,
        "UnmatchedPrincipalType",
        arm(
            "PUT",
            name + API,
            wanted(AzureStandIn.BLOB_READER, AzureStandIn.objectId(STORAGE), "User").encode(),
            by));
    sandbox.azure().principalsReplicate(false);
    armSays(
        400,
        "PrincipalNotFound",
        arm(
            "PUT",
            name + API,
            wanted(AzureStandIn.BLOB_READER, AzureStandIn.objectId(STORAGE), "").encode(),
            by));
  }

  @Test
  void only_one_who_may_assigns_and_only_the_roles_they_may() {
    var name = UUID.randomUUID().toString();
    var own = token("https://management.azure.com/.default", STORAGE, "role:azure-storage");
    armSays(403, "AuthorizationFailed", arm("PUT", name + API, wanted().encode(), own));
    var owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    armSays(
        403,
        "AuthorizationFailed",
        arm(
            "PUT",
            name + API,
            wanted(owner, AzureStandIn.objectId(STORAGE), "ServicePrincipal").encode(),
            binder()));
    var elsewhere =
        token("https://storage.azure.com/.default", AzureStandIn.BINDER, "daypass:binder");
    armSays(401, "InvalidAuthenticationTokenAudience", arm("GET", name + API, "", elsewhere));
    armSays(401, "InvalidAuthenticationToken", arm("GET", name + API, "", "made-up"));
    var late = binder();
    clock.forward(7_200);
    armSays(401, "ExpiredAuthenticationToken", arm("GET", name + API, "", late));
  }

  @Test
  void an_assignment_works_only_after_a_moment_and_is_seen_only_after_one() {
    sandbox.azure().propagation(Duration.ofMinutes(1));
    sandbox.azure().replication(Duration.ofSeconds(10));
    var by = binder();
    var name = UUID.randomUUID().toString();
    ask(form(broker.rs256(claims())));
    var uti =
        String.valueOf(sandbox.calls().list("azure.entra", "token").getLast().facts().get("uti"));
    assertThat(allowed(uti).getString("why")).isEqualTo("no role is assigned");
    assertThat(arm("PUT", name + API, wanted().encode(), by).statusCode()).isEqualTo(201);
    armSays(404, "RoleAssignmentNotFound", arm("GET", name + API, "", by));
    assertThat(allowed(uti).getString("why")).contains("not come into effect");
    clock.forward(61);
    assertThat(arm("GET", name + API, "", by).statusCode()).isEqualTo(200);
    assertThat(allowed(uti).getBoolean("allowed")).isTrue();
    clock.forward(7_200);
    assertThat(allowed(uti).getString("why")).isEqualTo("the token has expired");
    assertThat(allowed("nobody's").getBoolean("allowed")).isFalse();
  }

  private JsonObject allowed(String uti) {
    return new JsonObject(Http.get(sandbox.url() + "/azure/allowed?uti=" + uti).body());
  }

  private JsonArray listed(String filter, String by) {
    var answer = listing(filter, by);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getJsonArray("value");
  }

  private HttpResponse<String> listing(String filter, String by) {
    return Http.any(
        "GET",
        sandbox.url()
            + "/azure/arm"
            + SCOPE
            + "/providers/Microsoft.Authorization/roleAssignments"
            + API
            + "&$filter="
            + URLEncoder.encode(filter, StandardCharsets.UTF_8),
        "",
        "Authorization",
        "Bearer " + by);
  }

  @Test
  void what_a_group_has_its_members_have_also_by_way_of_other_groups() {
    var by = binder();
    var member = AzureStandIn.objectId(STORAGE);
    var inner = "96000000-0000-4000-8000-000000000001";
    var outer = "96000000-0000-4000-8000-000000000002";
    sandbox.azure().group(inner, member);
    sandbox.azure().group(outer, inner);
    sandbox.azure().assignedToGroup(outer, AzureStandIn.BLOB_READER, SCOPE);
    assertThat(listed("principalId eq '" + member + "'", by)).isEmpty();
    assertThat(listed("principalId eq '" + outer + "'", by)).hasSize(1);
    var found = listed("assignedTo('" + member + "')", by);
    assertThat(found).hasSize(1);
    var properties = found.getJsonObject(0).getJsonObject("properties");
    assertThat(properties.getString("principalId")).isEqualTo(outer);
    assertThat(properties.getString("principalType")).isEqualTo("Group");
    var other = AzureStandIn.objectId(AzureStandIn.storageIdentities().get(1));
    assertThat(listed("assignedTo('" + other + "')", by)).isEmpty();
    armSays(400, "BadRequestFormat", listing("assignedTo('" + outer + "')", by));
    ask(form(broker.rs256(claims())));
    var uti = sandbox.calls().list("azure.entra", "token").getLast().facts().get("uti");
    assertThat(allowed(String.valueOf(uti)).getBoolean("allowed")).isTrue();
  }

  @Test
  void it_asks_for_patience_as_azure_does() {
    sandbox.azure().entraFaults().next(new Fault.Refuse(429, "TooManyRequests"), 1);
    assertThat(ask(form(broker.rs256(claims()))).headers().firstValue("Retry-After")).contains("1");
    var by = binder();
    sandbox.azure().armFaults().next(new Fault.Refuse(429, "TooManyRequests"), 1);
    var answer = arm("GET", UUID.randomUUID() + API, "", by);
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
  }
}
