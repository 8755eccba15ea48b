package io.daypass.sandbox;

import static io.daypass.sandbox.Tokens.claims;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.oidc.Clients;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StaffIssuerTest {

  private static final String PAGES = "http://localhost:8080/sign-in/staff/done";

  private static final String VERIFIER = "v".repeat(43);
  private static final String CALLBACK = "http://127.0.0.1:49152/callback";

  private final MovingClock clock = new MovingClock(Instant.parse("2026-11-21T08:00:00Z"));
  private Sandbox sandbox;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.options().clock(clock).start().trust("http://localhost:8080");
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void a_script_gets_an_id_token_by_naming_a_person() {
    var claims = claims(Http.get(url("/token?person=bob")).body(), jwks());
    assertThat(claims.getString("iss")).isEqualTo(url(""));
    assertThat(claims.getString("sub")).isEqualTo("bob");
    assertThat(claims.getString("aud")).isEqualTo("daypass");
    assertThat(claims.getString("email")).isEqualTo("bob@acme.example");
    assertThat(claims.getJsonArray("groups"))
        .isEqualTo(new JsonArray().add("engineering").add("leads"));
    assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(3600);
    assertThat(claims.getLong("auth_time")).isEqualTo(clock.instant().getEpochSecond());
    assertThat(claims.getString("jti")).hasSize(40);
  }

  @Test
  void nobody_gets_no_token() {
    assertThat(Http.get(url("/token?person=mallory")).statusCode()).isEqualTo(400);
  }

  @Test
  void the_document_names_the_issuer_and_what_clients_need() {
    var document = new JsonObject(Http.get(url("/.well-known/openid-configuration")).body());
    assertThat(document.getString("issuer")).isEqualTo(url(""));
    assertThat(document.getString("jwks_uri")).startsWith(url("/"));
    assertThat(document.getString("device_authorization_endpoint")).startsWith(url("/"));
    assertThat(document.getJsonArray("code_challenge_methods_supported")).containsExactly("S256");
  }

  @Test
  void the_command_line_signs_in_with_code_and_pkce() {
    var location = redirected(signIn("alice", authorize(Map.of())));
    assertThat(location.get("state", "")).isEqualTo("st");
    assertThat(location.get("iss", "")).isEqualTo(url(""));
    var tokens = new JsonObject(redeem(location, Map.of()).body());
    var claims = claims(tokens.getString("id_token"), jwks());
    assertThat(claims.getString("nonce")).isEqualTo("no");
    assertThat(claims.getJsonArray("aud")).containsExactly("daypass", "daypass-cli");
  }

  @Test
  void a_code_is_good_once_and_for_a_minute() {
    var location = redirected(signIn("alice", authorize(Map.of())));
    assertThat(redeem(location, Map.of()).statusCode()).isEqualTo(200);
    assertThat(redeem(location, Map.of()).body()).contains("invalid_grant");
    var late = redirected(signIn("alice", authorize(Map.of())));
    clock.forward(61);
    assertThat(redeem(late, Map.of()).body()).contains("invalid_grant");
  }

  @Test
  void a_code_needs_its_verifier_its_redirect_uri_and_its_client() {
    for (var wrong :
        List.of(
            Map.of("code_verifier", "w".repeat(43)),
            Map.of("redirect_uri", "http://127.0.0.1:49153/callback"))) {
      var location = redirected(signIn("alice", authorize(Map.of())));
      assertThat(redeem(location, wrong).body()).contains("invalid_grant");
    }
    var location = redirected(signIn("alice", authorize(Map.of())));
    assertThat(redeem(location, Map.of(), "Authorization", basic()).body())
        .contains("invalid_grant");
  }

  @Test
  void every_client_must_use_s256() {
    for (var client :
        List.of(
            Map.<String, String>of(), Map.of("client_id", Clients.WEB, "redirect_uri", PAGES))) {
      for (var wrong :
          List.of(Map.of("code_challenge", ""), Map.of("code_challenge_method", "plain"))) {
        var asked = new LinkedHashMap<>(client);
        asked.putAll(wrong);
        assertThat(redirected(authorize(asked)).get("error", "")).isEqualTo("invalid_request");
      }
    }
  }

  @Test
  void a_redirect_uri_that_is_not_registered_is_never_followed() {
    for (var uri :
        List.of(
            "http://127.0.0.1:49152/other",
            "http://127.0.0.1:49152/callback?x=1",
            "http://localhost.evil.example/callback",
            "http://evil.example:80/callback",
            "http://127.0.0.1:1@evil.example/callback")) {
      var answer = authorize(Map.of("redirect_uri", uri));
      assertThat(answer.statusCode()).as(uri).isEqualTo(400);
      assertThat(answer.headers().firstValue("Location")).isEmpty();
    }
    assertThat(authorize(Map.of("redirect_uri", "http://[::1]:1/callback")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void the_pages_sign_in_with_their_secret_and_only_at_their_own_address() {
    var asWeb = Map.of("client_id", Clients.WEB, "redirect_uri", PAGES);
    var location = redirected(signIn("carol", authorize(asWeb)));
    assertThat(redeem(location, asWeb).statusCode()).isEqualTo(401);
    for (var secret : List.of("guess", Clients.WEB_SECRET)) {
      // Also the right one where it was not registered to be sent.
      var inForm = new LinkedHashMap<>(asWeb);
      inForm.put("client_secret", secret);
      assertThat(redeem(location, inForm).statusCode()).isEqualTo(401);
    }
    for (var wrong :
        List.of("Basic !", "Basic " + Base64.getEncoder().encodeToString(new byte[3]))) {
      assertThat(redeem(location, asWeb, "Authorization", wrong).statusCode()).isEqualTo(401);
    }
    var tokens = new JsonObject(redeem(location, asWeb, "Authorization", basic()).body());
    assertThat(claims(tokens.getString("id_token"), jwks()).getValue("aud")).isEqualTo(Clients.WEB);
    assertThat(
            authorize(Map.of("client_id", Clients.WEB, "redirect_uri", PAGES + "/")).statusCode())
        .isEqualTo(400);
  }

  private static String basic() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString(
                (Clients.WEB + ":" + Clients.WEB_SECRET).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_fresh_sign_in_can_be_asked_for() {
    var first = signIn("alice", authorize(Map.of()));
    var cookie = first.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    clock.forward(600);
    assertThat(authorize(Map.of(), "Cookie", cookie).body()).contains("Continue as Alice");
    assertThat(authorize(Map.of("max_age", "300"), "Cookie", cookie).body())
        .doesNotContain("Continue as");
    assertThat(authorize(Map.of("prompt", "login"), "Cookie", cookie).body())
        .doesNotContain("Continue as");
    assertThat(redirected(authorize(Map.of("prompt", "none"))).get("error", ""))
        .isEqualTo("login_required");
    var silent = redirected(authorize(Map.of("prompt", "none"), "Cookie", cookie));
    var token = new JsonObject(redeem(silent, Map.of()).body()).getString("id_token");
    assertThat(claims(token, jwks()).getLong("auth_time"))
        .isEqualTo(clock.instant().getEpochSecond() - 600);
  }

  @Test
  void a_refresh_token_rotates_and_a_used_one_ends_its_family() {
    var tokens =
        new JsonObject(redeem(redirected(signIn("alice", authorize(Map.of()))), Map.of()).body());
    var first = tokens.getString("refresh_token");
    clock.forward(100);
    var second = new JsonObject(refresh(first).body());
    assertThat(claims(second.getString("id_token"), jwks()).getLong("auth_time"))
        .isEqualTo(clock.instant().getEpochSecond() - 100);
    assertThat(refresh(first).body()).contains("invalid_grant");
    assertThat(refresh(second.getString("refresh_token")).body()).contains("invalid_grant");
  }

  @Test
  void a_revoked_refresh_token_is_dead() {
    var tokens =
        new JsonObject(redeem(redirected(signIn("alice", authorize(Map.of()))), Map.of()).body());
    var token = tokens.getString("refresh_token");
    var form = Map.of("client_id", Clients.CLI, "token", token);
    assertThat(Http.post(url("/oauth2/revoke"), form).statusCode()).isEqualTo(200);
    assertThat(refresh(token).body()).contains("invalid_grant");
  }

  @Test
  void a_device_signs_in_with_the_help_of_a_person() {
    var device = device();
    assertThat(poll(device).body()).contains("authorization_pending");
    assertThat(poll(device).body()).contains("slow_down");
    var page = Http.get(device.getString("verification_uri_complete"));
    assertThat(page.body()).contains(device.getString("user_code"));
    Http.post(url("/device"), Map.of("user_code", device.getString("user_code"), "person", "dave"));
    clock.forward(2);
    var token = new JsonObject(poll(device).body()).getString("id_token");
    assertThat(claims(token, jwks()).getString("sub")).isEqualTo("dave");
    assertThat(poll(device).body()).contains("expired_token");
  }

  @Test
  void a_device_brings_a_challenge_and_what_only_it_knows() {
    var without = Http.post(url("/oauth2/device"), Map.of("client_id", Clients.CLI));
    assertThat(without.body()).contains("invalid_request", "code_challenge_method");
    var device = device();
    Http.post(url("/device"), Map.of("user_code", device.getString("user_code"), "person", "dave"));
    assertThat(poll(device, "w".repeat(43)).body()).contains("invalid_grant");
    assertThat(poll(device).body()).contains("id_token");
  }

  @Test
  void a_device_that_is_turned_away_or_too_late_gets_nothing() {
    var device = device();
    Http.post(url("/device"), Map.of("user_code", device.getString("user_code")));
    assertThat(poll(device).body()).contains("access_denied");
    var late = device();
    clock.forward(601);
    assertThat(poll(late).body()).contains("expired_token");
  }

  @Test
  void the_pages_run_no_script_and_cannot_be_framed() {
    var page = authorize(Map.of());
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.body()).doesNotContain("<script").doesNotContain("style=");
  }

  @Test
  void keys_rotate_and_the_key_set_can_fail_on_demand() {
    var before = sandbox.staff().token("alice");
    sandbox.staff().provider().keys().rotate();
    assertThat(claims(before, jwks())).isNotNull();
    assertThat(claims(sandbox.staff().token("alice"), jwks())).isNotNull();
    sandbox.staff().provider().keysFaults().next(Fault.outage(), 1);
    assertThat(Http.get(url("/jwks")).statusCode()).isEqualTo(503);
    assertThat(Http.get(url("/jwks")).statusCode()).isEqualTo(200);
    assertThat(sandbox.calls().list("staff", "jwks")).isNotEmpty();
  }

  private String url(String path) {
    return sandbox.url() + "/staff" + path;
  }

  private String jwks() {
    return Http.get(url("/jwks")).body();
  }

  private HttpResponse<String> authorize(Map<String, String> different, String... headers) {
    var query = new LinkedHashMap<String, String>();
    query.put("response_type", "code");
    query.put("client_id", Clients.CLI);
    query.put("redirect_uri", CALLBACK);
    query.put("scope", "openid profile");
    query.put("state", "st");
    query.put("nonce", "no");
    query.put("code_challenge", challenge());
    query.put("code_challenge_method", "S256");
    query.putAll(different);
    query.values().removeIf(String::isEmpty);
    return Http.get(Form.url(url("/authorize"), query), headers);
  }

  private HttpResponse<String> signIn(String person, HttpResponse<String> page) {
    var id = Pattern.compile("name=\"id\" value=\"([^\"]+)\"").matcher(page.body());
    assertThat(id.find()).as(page.body()).isTrue();
    return Http.post(url("/sign-in"), Map.of("id", id.group(1), "person", person));
  }

  private static Form redirected(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(303);
    var location = URI.create(answer.headers().firstValue("Location").orElseThrow());
    return Form.parse(location.getRawQuery());
  }

  private HttpResponse<String> redeem(
      Form location, Map<String, String> different, String... headers) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("client_id", Clients.CLI);
    form.put("redirect_uri", CALLBACK);
    form.put("code", location.get("code", ""));
    form.put("code_verifier", VERIFIER);
    form.putAll(different);
    return Http.post(url("/oauth2/token"), form, headers);
  }

  private HttpResponse<String> refresh(String token) {
    return Http.post(
        url("/oauth2/token"),
        Map.of("grant_type", "refresh_token", "client_id", Clients.CLI, "refresh_token", token));
  }

  private JsonObject device() {
    var answer =
        Http.post(
            url("/oauth2/device"),
            Map.of(
                "client_id",
                Clients.CLI,
                "code_challenge",
                challenge(),
                "code_challenge_method",
                "S256"));
    return new JsonObject(answer.body());
  }

  private HttpResponse<String> poll(JsonObject device) {
    return poll(device, VERIFIER);
  }

  private HttpResponse<String> poll(JsonObject device, String verifier) {
    return Http.post(
        url("/oauth2/token"),
        Map.of(
            "grant_type",
            "urn:ietf:params:oauth:grant-type:device_code",
            "client_id",
            Clients.CLI,
            "device_code",
            device.getString("device_code"),
            "code_verifier",
            verifier));
  }

  private static String challenge() {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
