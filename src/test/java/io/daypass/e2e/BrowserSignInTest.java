package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.oidc.Clients;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People sign in with a browser, on two replicas; and nobody else is signed in by it. */
class BrowserSignInTest {

  private static final String SESSION = "__Host-daypass";
  private static final String FLOW = "__Host-daypass-flow";

  private static World world;
  private static Replica a;
  private static Replica b;

  @BeforeAll
  static void start() throws Exception {
    world = World.busy("debug");
    a = world.replica().awaitReady();
    b = world.replica().awaitReady();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static Browser browser() {
    return new Browser(world).at(a);
  }

  @Test
  void a_person_who_signed_in_on_one_replica_is_known_on_both() {
    var browser = browser();
    var last = browser.signIn("alice", "/requests/abc?tab=1").is(200);
    assertThat(last.onward()).isEqualTo("/requests/abc?tab=1");
    assertThat(browser.isSignedIn()).isTrue();
    assertThat(browser.at(b).isSignedIn()).isTrue();
  }

  @Test
  void a_sign_in_that_began_on_one_replica_is_finished_on_the_other() {
    var browser = browser();
    var callback = browser.callback("alice", browser.begin(Map.of("to", "/")));
    browser.at(b).arrive(callback).is(200);
    assertThat(browser.at(a).isSignedIn()).isTrue();
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
  void w8_what_is_kept_of_a_session_opens_none() throws Exception {
    var browser = browser();
    browser.signIn("alice");
    var kept = world.records.texts("SELECT sha256 FROM daypass.web_session");
    assertThat(kept).isNotEmpty().doesNotContain(browser.cookie(SESSION).orElseThrow());
    var thief = browser();
    thief.plant(SESSION, kept.getFirst().substring(0, 43));
    assertThat(thief.isSignedIn()).isFalse();
  }

  @Test
  void w3_a_callback_works_once_on_all_replicas() {
    var browser = browser();
    var callback = browser.callback("alice", browser.begin(Map.of("to", "/")));
    browser.at(a).arrive(callback).is(200);
    browser.at(b).arrive(callback).is(400, "sign_in_unknown");
    browser.at(a).arrive(callback).is(400, "sign_in_unknown");
  }

  @Test
  void w3_of_two_callbacks_at_once_one_signs_in() {
    for (int i = 0; i < 10; i++) {
      var browser = browser();
      var callback = browser.callback("alice", browser.begin(Map.of("to", "/")));
      var tries = new ArrayList<CompletableFuture<Integer>>();
      for (var replica : List.of(a, b)) {
        var same = browser();
        same.plant(FLOW, browser.cookie(FLOW).orElseThrow());
        tries.add(
            CompletableFuture.supplyAsync(
                () -> same.at(replica).arrive(callback).status(), Thread::startVirtualThread));
      }
      assertThat(tries.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(200, 400);
    }
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
  void w3_a_sign_in_that_took_too_long_begins_again() throws Exception {
    var browser = browser();
    var callback = browser.callback("alice", browser.begin(Map.of("to", "/")));
    age("UPDATE daypass.sign_in SET begun_at = begun_at - interval '10 minutes'");
    var page = browser.arrive(callback).is(400, "sign_in_unknown");
    assertThat(page.body()).contains("href=\"/sign-in\"");
  }

  @Test
  void w3_signing_in_makes_a_new_session_and_ends_the_one_before() {
    var browser = browser();
    var planted = "A".repeat(43);
    browser.plant(SESSION, planted);
    browser.signIn("alice");
    var first = browser.cookie(SESSION).orElseThrow();
    assertThat(first).isNotEqualTo(planted);
    browser.signIn("bob");
    var old = browser();
    old.plant(SESSION, first);
    assertThat(old.at(b).isSignedIn()).isFalse();
    assertThat(browser.isSignedIn()).isTrue();
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

  private static String codeOfCommandLine(Browser browser) {
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

  private static Form query(String address) {
    return Form.parse(URI.create(address).getRawQuery());
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

  @Test
  void w8_a_session_that_rests_for_a_quarter_of_an_hour_is_over() throws Exception {
    var browser = browser();
    browser.signIn("dave");
    age("UPDATE daypass.web_session SET used_at = used_at - interval '14 minutes'");
    assertThat(browser.isSignedIn()).isTrue();
    age("UPDATE daypass.web_session SET used_at = used_at - interval '14 minutes'");
    assertThat(browser.at(b).isSignedIn()).as("used meanwhile").isTrue();
    age("UPDATE daypass.web_session SET used_at = used_at - interval '14 minutes'");
    // A page that looks again by itself is shown, and is no use.
    assertThat(browser.get("/requests/abc?look=1").status()).isEqualTo(404);
    age("UPDATE daypass.web_session SET used_at = used_at - interval '1 minute'");
    assertThat(browser.isSignedIn()).isFalse();
    browser.signIn("dave");
    age("UPDATE daypass.web_session SET used_at = used_at - interval '15 minutes'");
    assertThat(browser.isSignedIn()).isFalse();
    assertThat(browser.at(b).isSignedIn()).isFalse();
  }

  @Test
  void w8_a_session_ends_after_eight_hours_however_it_is_used() throws Exception {
    var browser = browser();
    browser.signIn("dave");
    assertThat(
            world.records.count(
                "SELECT count(*) FROM daypass.web_session WHERE ends_at > now() + interval '8 hours'"))
        .isZero();
    age("UPDATE daypass.web_session SET ends_at = ends_at - interval '8 hours'");
    assertThat(browser.isSignedIn()).isFalse();
  }

  @Test
  void w8_signing_out_ends_the_session_on_all_replicas() throws Exception {
    var browser = browser();
    browser.signIn("alice");
    var stolen = browser();
    stolen.plant(SESSION, browser.cookie(SESSION).orElseThrow());
    assertThat(stolen.at(b).isSignedIn()).isTrue();
    var token = browser.formToken();
    var out = browser.post("/sign-out", Map.of("form_token", token)).is(303);
    assertThat(out.header("Location")).isEqualTo("/sign-in");
    assertThat(out.header("Set-Cookie")).startsWith(SESSION + "=;").contains("Max-Age=0");
    assertThat(browser.cookie(SESSION)).isEmpty();
    assertThat(stolen.at(b).isSignedIn()).isFalse();
    assertThat(stolen.at(a).isSignedIn()).isFalse();
  }

  @Test
  void who_is_suspended_is_signed_out_and_cannot_sign_in() {
    var browser = browser();
    browser.signIn("erin");
    var pat = world.person("pat");
    var who = new String[] {"issuer", "staff", "subject", "erin", "reason", "left"};
    a.api().post("/v1/people/suspend", pat, who).is(200);
    assertThat(browser.at(b).isSignedIn()).isFalse();
    browser().signIn("erin").is(403, "suspended");
    a.api().post("/v1/people/reinstate", pat, who).is(200);
    assertThat(browser.isSignedIn()).as("the session from before").isFalse();
    assertThat(browser.signIn("erin").status()).isEqualTo(200);
    assertThat(browser.isSignedIn()).isTrue();
  }

  @Test
  void w8_a_session_is_no_token_and_a_token_is_no_session() {
    var browser = browser();
    browser.signIn("alice");
    var session = browser.cookie(SESSION).orElseThrow();
    browser.get("/v1/me").is(401);
    a.api().get("/v1/me", session).is(401, "token_malformed");
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
    a.api().get("/v1/me", token).is(401, "audience_mismatch");
  }

  @Test
  void step_up_makes_a_new_session_for_the_same_person() {
    var browser = browser();
    browser.signIn("bob");
    var before = browser.cookie(SESSION).orElseThrow();
    var address = browser.begin(Map.of("to", "/requests/abc", "fresh", "yes"));
    assertThat(query(address).get("prompt", "")).isEqualTo("login");
    assertThat(query(address).get("max_age", "")).isEqualTo("0");
    assertThat(browser.arrive(browser.callback("bob", address)).is(200).onward())
        .isEqualTo("/requests/abc");
    assertThat(browser.cookie(SESSION).orElseThrow()).isNotEqualTo(before);
    assertThat(browser.isSignedIn()).isTrue();
    var old = browser();
    old.plant(SESSION, before);
    assertThat(old.at(b).isSignedIn()).isFalse();
  }

  @Test
  void c8_a_step_up_is_refused_that_was_not_fresh_or_somebody_else_s() throws Exception {
    var browser = browser();
    browser.signIn("bob");
    var before = browser.cookie(SESSION).orElseThrow();
    browser.signInAnew("carol", "/").is(403, "sign_in_other_person");
    assertThat(browser.cookie(SESSION)).contains(before);
    assertThat(browser.isSignedIn()).isTrue();
    // An issuer that does not care: it goes on with the sign-in of before, which was long ago.
    var address = browser.begin(Map.of("to", "/", "fresh", "yes"));
    age("UPDATE daypass.sign_in SET begun_at = begun_at + interval '5 minutes'");
    browser.arrive(browser.callback("bob", address)).is(403, "sign_in_not_fresh");
    assertThat(browser.cookie(SESSION)).contains(before);
  }

  @Test
  void c8_an_approval_with_a_browser_needs_a_sign_in_of_the_last_minutes() throws Exception {
    var id = a.api().ask(world.person("alice"), "prod-readonly", "1h", "with a browser");
    var browser = browser().at(b);
    browser.signIn("bob", "/requests/" + id);
    for (var then : List.of("signed_in_at - interval '16 minutes'", "NULL")) {
      age("UPDATE daypass.web_session SET signed_in_at = " + then);
      approved(browser, id).is(403, "fresh_login_required");
      assertThat(a.api().get("/v1/requests/" + id, world.person("alice")).text("state"))
          .isEqualTo("pending");
    }
    browser.signInAnew("bob", "/requests/" + id).is(200);
    assertThat(approved(browser, id).status()).isEqualTo(303);
    assertThat(a.api().get("/v1/requests/" + id, world.person("alice")).text("state"))
        .isEqualTo("approved");
  }

  private static Browser.Page approved(Browser browser, String id) {
    return browser.post("/requests/" + id + "/approve", Map.of("form_token", browser.formToken()));
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

  private static void refusedAt(Browser browser, String path, String good) {
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

  @Test
  void p7_nothing_of_a_sign_in_stands_in_the_log() throws Exception {
    var browser = browser();
    var callback = browser.callback("alice", browser.begin(Map.of("to", "/")));
    browser.arrive(callback).is(200);
    browser.isSignedIn();
    var query = query("http://x" + callback);
    for (var log : List.of(a.log(), b.log())) {
      assertThat(log)
          .doesNotContain(
              query.get("code", "?"),
              query.get("state", "?"),
              browser.cookie(SESSION).orElseThrow(),
              browser.cookie(FLOW).orElseThrow(),
              Clients.WEB_SECRET);
    }
  }

  @Test
  void what_is_over_is_forgotten() throws Exception {
    browser().begin(Map.of("to", "/"));
    browser().signIn("alice");
    age("UPDATE daypass.sign_in SET begun_at = begun_at - interval '1 hour'");
    age("UPDATE daypass.web_session SET ends_at = now()");
    try (var service = world.records.service();
        var statement = service.createStatement()) {
      statement.execute("SET search_path TO daypass");
      statement.execute("SELECT forget_sessions(interval '10 minutes', interval '15 minutes')");
    }
    assertThat(world.records.count("SELECT count(*) FROM daypass.sign_in")).isZero();
    assertThat(world.records.count("SELECT count(*) FROM daypass.web_session")).isZero();
  }

  @Test
  void while_the_issuer_is_away_nobody_signs_in_and_the_page_says_so() throws Exception {
    try (var own = World.usual()) {
      var replica = own.replica().awaitReady();
      var browser = new Browser(own);
      var address = browser.begin(Map.of("to", "/requests/abc"));
      var callback = browser.callback("alice", address);
      own.sandbox.close();
      var page = browser.arrive(callback).is(503, "issuer_unavailable");
      assertThat(page.header("Retry-After")).isNotEmpty();
      assertThat(page.body()).contains("href=\"/sign-in?to=%2Frequests%2Fabc\"");
      assertThat(browser.isSignedIn()).isFalse();
      assertThat(replica.isAlive()).isTrue();
    }
  }

  @Test
  void who_guesses_too_often_waits_at_every_door() throws Exception {
    try (var own = World.usual()) {
      var api = own.replica().awaitReady().api();
      // At once, or a slow machine would forget as fast as they come.
      var guesses = new ArrayList<CompletableFuture<Integer>>();
      for (int i = 0; i < 60; i++) {
        guesses.add(CompletableFuture.supplyAsync(() -> guess(own), Thread::startVirtualThread));
      }
      assertThat(guesses.stream().map(CompletableFuture::join)).contains(429);
      // The same peer, with a token this time; it may have waited long enough by now.
      assertThat(api.get("/v1/me", "x").status()).isIn(401, 429);
    }
  }

  /** What a made-up session and a made-up sign-in come to. */
  private static int guess(World own) {
    var browser = new Browser(own);
    browser.plant(SESSION, "A".repeat(43));
    browser.isSignedIn();
    return browser.arrive("/sign-in/staff/done?state=" + "A".repeat(43)).status();
  }

  private static void age(String sql) throws Exception {
    try (var connection = world.records.superuser();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
