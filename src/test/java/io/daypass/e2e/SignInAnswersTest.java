package io.daypass.e2e;

import static io.daypass.e2e.Browser.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.oidc.Clients;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an issuer is asked when somebody signs in, and what else comes back than its answer. */
class SignInAnswersTest {

  private final World world = Shared.world();

  private Browser browser() {
    return new Browser(world);
  }

  @Test
  void w3_a_sign_in_of_another_browser_signs_nobody_in() {
    var attacker = browser();
    var callback = attacker.callback("alice", attacker.begin(Map.of("to", "/")));
    var victim = browser();
    victim.arrive(callback).is(400, "sign_in_unknown");
    victim.begin(Map.of("to", "/"));
    victim.arrive(callback).is(400, "sign_in_unknown");
    assertThat(victim.isSignedIn()).isFalse();
    // It was not spent by them either.
    attacker.arrive(callback).is(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?code=x",
        "?state=x&code=x",
        "?state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code=x",
        "?state=%00&code=%00",
        "?state[]=a",
        "?error=access_denied&error_description=%3Cscript%3E"
      })
  void w3_an_answer_to_no_question_of_ours_is_a_page_and_says_nothing_of_it(String query) {
    var browser = browser();
    browser.begin(Map.of("to", "/"));
    var page = browser.arrive("/sign-in/staff/done" + query);
    assertThat(page.status()).isEqualTo(400);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.body()).doesNotContain("script>", "access_denied");
  }

  @Test
  void w4_an_answer_counts_at_the_redirect_uri_of_its_issuer_and_with_its_name() {
    var browser = browser();
    var callback = browser.callback("alice", browser.begin(Map.of("to", "/")));
    for (var other : List.of("github", "nobody")) {
      browser.arrive(callback.replace("/staff/", "/" + other + "/")).is(400, "sign_in_unknown");
    }
    var mixed = callback.replaceFirst("iss=[^&]+", "iss=https%3A%2F%2Fevil.example");
    assertThat(browser.arrive(mixed).is(403, "sign_in_refused").body()).contains("issuer_mismatch");
    var unnamed = browser.callback("alice", browser.begin(Map.of("to", "/")));
    browser.arrive(unnamed.replaceFirst("&?iss=[^&]+", "")).is(403, "sign_in_refused");
    assertThat(browser.isSignedIn()).isFalse();
  }

  @Test
  void a_code_of_another_client_or_another_sign_in_is_worth_nothing() {
    var browser = browser();
    var own = browser.callback("alice", browser.begin(Map.of("to", "/")));
    var other = browser();
    var foreign = other.callback("bob", other.begin(Map.of("to", "/")));
    // Injected into one's own sign-in: the issuer holds it to the other's PKCE challenge.
    var injected = own.replaceFirst("code=[^&]+", "code=" + query(foreign).get("code", ""));
    assertThat(browser.arrive(injected).is(403, "sign_in_refused").body())
        .contains("invalid_grant");
    var again = browser.callback("alice", browser.begin(Map.of("to", "/")));
    var ofCli = again.replaceFirst("code=[^&]+", "code=" + codeOfCommandLine(browser));
    assertThat(browser.arrive(ofCli).is(403, "sign_in_refused").body()).contains("invalid_grant");
    assertThat(browser.isSignedIn()).isFalse();
  }

  private String codeOfCommandLine(Browser browser) {
    var asked =
        Map.of(
            "client_id", Clients.CLI,
            "redirect_uri", "http://127.0.0.1:49152/callback",
            "response_type", "code",
            "scope", "openid",
            "code_challenge", "A".repeat(43),
            "code_challenge_method", "S256");
    var picker =
        browser.outside("GET", Form.url(world.sandbox.url() + "/staff/authorize", asked), "");
    var id = new Browser.Page(picker).field("id");
    var answer =
        browser.outside(
            "POST",
            world.sandbox.url() + "/staff/sign-in",
            Browser.form(Map.of("id", id, "person", "alice")));
    return query(answer.headers().firstValue("Location").orElseThrow()).get("code", "");
  }

  @Test
  void the_issuer_is_asked_with_pkce_state_and_nonce_and_our_own_address() {
    var address = browser().begin(Map.of("to", "/"));
    var query = query(address);
    assertThat(address).startsWith(world.sandbox.url() + "/staff/authorize?");
    assertThat(query.get("code_challenge_method", "")).isEqualTo("S256");
    for (var random : List.of("code_challenge", "state", "nonce")) {
      assertThat(query.get(random, "")).as(random).matches("[A-Za-z0-9_-]{43}");
    }
    assertThat(query.get("redirect_uri", "")).isEqualTo(world.url() + "/sign-in/staff/done");
    assertThat(query.get("client_id", "")).isEqualTo("daypass-web");
    assertThat(query.get("client_secret")).isEmpty();
    assertThat(query.get("prompt")).isEmpty();
    assertThat(address).doesNotContain("to=");
  }

  @Test
  void what_the_issuer_says_of_an_error_is_shown_as_text_made_harmless() {
    var browser = browser();
    var state = query(browser.begin(Map.of("to", "/"))).get("state", "");
    var answer =
        Form.url(
            "http://x/sign-in/staff/done",
            Map.of(
                "state",
                state,
                "error",
                "access_denied",
                "error_description",
                "<img src=x onerror=alert(1)>\u202e no",
                "iss",
                world.sandbox.url() + "/staff"));
    var page = browser.arrive(answer.substring("http://x".length())).is(403, "sign_in_refused");
    assertThat(page.body())
        .contains("access_denied", "&lt;img src=x onerror=alert(1)&gt;")
        .doesNotContain("<img", "\u202e");
  }

  @Test
  void the_way_back_is_a_path_of_our_own_pages() {
    for (var evil :
        List.of(
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "evil.example",
            "javascript:alert(1)",
            "/%2f/evil.example",
            "/%5cevil.example",
            "/..//evil.example",
            "/a/../b",
            "/a//b",
            "/\tevil",
            "/\n/evil.example",
            "/a#b",
            "/a?to=\\",
            "",
            "/" + "a".repeat(600))) {
      var browser = browser();
      browser.get("/sign-in?" + Browser.form(Map.of("to", evil))).is(400, "parameter_invalid");
      var token = browser.get("/sign-in").field("form_token");
      browser
          .post("/sign-in/staff", Map.of("to", evil, "form_token", token))
          .is(400, "parameter_invalid");
    }
    assertThat(browser().signIn("alice", "/sign-in?to=%2Fsign-in").onward()).isEqualTo("/");
  }
}
