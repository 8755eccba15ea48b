package io.daypass.e2e;

import static io.daypass.e2e.Browser.FLOW;
import static io.daypass.e2e.Browser.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.oidc.Clients;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** By which forms somebody signs in and out, and what a browser is told about them. */
class SignInFormsTest {

  private final World world = Shared.world();
  private final Api api = Shared.api();

  private Browser browser() {
    return new Browser(world);
  }

  @Test
  void w8_cookies_are_of_this_host_alone_and_no_script_reads_them() {
    var browser = browser();
    browser.signIn("alice");
    assertThat(browser.attributes(SESSION)).isEqualTo(" Path=/; Secure; HttpOnly; SameSite=Strict");
    assertThat(browser.attributes(FLOW))
        .isEqualTo(" Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
    assertThat(browser.cookie(SESSION).orElseThrow()).matches("[A-Za-z0-9_-]{43}");
  }

  @Test
  void w8_a_session_is_no_token_and_a_token_is_no_session() {
    var browser = browser();
    browser.signIn("alice");
    var session = browser.cookie(SESSION).orElseThrow();
    browser.get("/v1/me").is(401);
    api.get("/v1/me", session).is(401, "token_malformed");
    var stranger = browser();
    var bearer = Map.of("Authorization", "Bearer " + world.person("alice"));
    assertThat(stranger.get("/sign-in?to=/here", bearer).status()).isEqualTo(200);
    stranger
        .post(
            "/sign-out", "form_token=x", Map.of("Authorization", "Bearer " + world.person("alice")))
        .is(403, "sign_in_required");
  }

  @Test
  void an_id_token_of_the_pages_is_no_bearer_token() {
    var token = world.sandbox.staff().token("alice", Clients.WEB);
    api.get("/v1/me", token).is(401, "audience_mismatch");
  }

  @Test
  void w2_a_form_counts_only_from_a_page_of_ours() {
    var browser = browser();
    browser.signIn("alice");
    var good = "form_token=" + browser.formToken();
    refusedAt(browser, "/sign-out", good);
    var token = browser.get("/sign-in?fresh").field("form_token");
    refusedAt(browser, "/sign-in/staff", "to=%2F&form_token=" + token);
    assertThat(browser.isSignedIn()).isTrue();
    browser.post("/sign-out", good, Map.of()).is(303);
  }

  private void refusedAt(Browser browser, String path, String good) {
    var wrong = new LinkedHashMap<Map<String, String>, String>();
    wrong.put(Map.of("Origin", ""), "origin_not_allowed");
    wrong.put(Map.of("Origin", "null"), "origin_not_allowed");
    wrong.put(Map.of("Origin", "https://evil.example"), "origin_not_allowed");
    wrong.put(Map.of("Origin", world.url() + ".evil.example"), "origin_not_allowed");
    wrong.put(Map.of("Sec-Fetch-Site", "cross-site"), "origin_not_allowed");
    wrong.put(Map.of("Sec-Fetch-Site", "same-site"), "origin_not_allowed");
    wrong.put(Map.of("Sec-Fetch-Site", "x"), "origin_not_allowed");
    wrong.forEach((headers, code) -> browser.post(path, good, headers).is(403, code));
    browser.post(path, "", Map.of()).is(403, "form_token_invalid");
    browser.post(path, "form_token=", Map.of()).is(403, "form_token_invalid");
    browser.post(path, "form_token=" + "A".repeat(43), Map.of()).is(403, "form_token_invalid");
    browser.post(path, good + "&" + good, Map.of()).is(400, "parameter_repeated");
    browser.post(path, good + "&admin=1", Map.of()).is(400, "parameter_unknown");
    for (var type : List.of("application/json", "text/plain", "multipart/form-data", "")) {
      browser.post(path, good, Map.of("Content-Type", type)).is(415, "content_type_unsupported");
    }
  }

  @Test
  void w3_a_sign_in_begins_only_in_a_browser_that_was_on_our_page() {
    var stranger = browser();
    var page = stranger.post("/sign-in/staff", "to=%2F", Map.of());
    page.is(403, "form_token_invalid");
    var other = browser();
    var token = other.get("/sign-in").field("form_token");
    var third = browser();
    third.get("/sign-in");
    third
        .post("/sign-in/staff", Map.of("to", "/", "form_token", token))
        .is(403, "form_token_invalid");
  }

  @Test
  void c11_nothing_is_done_by_get_or_head() {
    var browser = browser();
    browser.signIn("alice");
    for (var path : List.of("/sign-out", "/sign-in/staff")) {
      var answer = browser.get(path + "?form_token=" + browser.formToken());
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).isEqualTo("POST");
    }
    assertThat(browser.isSignedIn()).isTrue();
  }

  @Test
  void answers_hold_the_headers_of_pages() {
    var browser = browser();
    for (var page : List.of(browser.get("/sign-in"), browser.signIn("alice"))) {
      assertThat(page.header("Content-Security-Policy"))
          .contains("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'");
      assertThat(page.header("Cache-Control")).isEqualTo("no-store");
      // Or browsers would put "Origin: null" on our own forms.
      assertThat(page.header("Referrer-Policy")).isEqualTo("same-origin");
      assertThat(page.body()).doesNotContain("<script");
    }
  }
}
