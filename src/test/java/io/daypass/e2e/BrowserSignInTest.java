package io.daypass.e2e;

import static io.daypass.e2e.Browser.FLOW;
import static io.daypass.e2e.Browser.SESSION;
import static io.daypass.e2e.Browser.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.oidc.Clients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** People sign in with a browser, on two replicas, and are signed in until they are not. */
class BrowserSignInTest {

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

  private static void age(String sql) throws Exception {
    try (var connection = world.records.superuser();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
