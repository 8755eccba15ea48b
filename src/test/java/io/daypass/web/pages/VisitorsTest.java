package io.daypass.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.Callers;
import io.daypass.identity.SessionToken;
import io.daypass.settings.RateSettings;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Limits;
import io.daypass.web.Route;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VisitorsTest {

  private static final String OURS = "https://daypass.example.com";
  private static final String SESSION = "S".repeat(43);

  private final Caller alice = Callers.person("alice", Instant.EPOCH, "engineering");
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> looked = new ArrayList<>();
  private final List<Boolean> uses = new ArrayList<>();
  private final Visitors visitors =
      new Visitors(
          new Visitors.Lodge(
              this::session,
              _ -> false,
              new Limits(RateSettings.usual(), nanos::get),
              URI.create(OURS),
              new Templates()));
  private final List<Map<String, String>> done = new ArrayList<>();
  private final Route page =
      visitors.page("/requests/{id}", visit -> Answer.text(200, visit.formToken()), "tab");
  private final Route act =
      visitors.act(
          "/requests/{id}",
          "approve",
          Route.Lane.WORK,
          Set.of("comment"),
          (_, fields) -> {
            done.add(fields);
            return Answer.text(200, "done");
          });

  private Optional<Caller> session(SessionToken token, boolean byPerson) {
    looked.add(token.reveal());
    uses.add(byPerson);
    return token.reveal().equals(SESSION) ? Optional.of(alice) : Optional.empty();
  }

  private static Map<String, List<String>> signedIn() {
    var headers = new HashMap<String, List<String>>();
    headers.put("cookie", List.of("a=b; __Host-daypass=" + SESSION + "; c=d"));
    headers.put("origin", List.of(OURS));
    headers.put("sec-fetch-site", List.of("same-origin"));
    return headers;
  }

  @Test
  void w8_a_page_that_looks_again_by_itself_keeps_no_session_alive() {
    get(signedIn(), Map.of("look", "3"));
    get(signedIn(), Map.of("tab", "3"));
    assertThat(uses).containsExactly(false, true);
  }

  private Answer get(Map<String, List<String>> headers) {
    return get(headers, Map.of("tab", "a b&c"));
  }

  private Answer get(Map<String, List<String>> headers, Map<String, String> query) {
    return page.handler()
        .handle(
            new Call(
                "GET", page.template(), Map.of("id", "abc"), query, headers, "", "192.0.2.1", "t"));
  }

  private Answer post(Map<String, List<String>> headers, String body) {
    return act.handler()
        .handle(
            new Call(
                "POST",
                act.template(),
                Map.of("id", "abc"),
                Map.of(),
                headers,
                body,
                "192.0.2.1",
                "t"));
  }

  private static String good() {
    return "form_token=" + FormToken.of(SESSION);
  }

  @Test
  void who_signed_in_sees_the_page_and_its_form_works() {
    assertThat(get(signedIn()).body().toString()).isEqualTo(FormToken.of(SESSION));
    assertThat(post(signedIn(), good() + "&comment=fine").status()).isEqualTo(200);
    assertThat(done).containsExactly(Map.of("comment", "fine"));
  }

  @Test
  void who_did_not_is_sent_to_the_sign_in_and_back() {
    var answer = get(Map.of());
    assertThat(answer.status()).isEqualTo(303);
    assertThat(answer.headers())
        .containsEntry("Location", "/sign-in?to=%2Frequests%2Fabc%3Ftab%3Da%2Bb%2526c");
    assertThat(ReturnTo.parse("/requests/abc?tab=a+b%26c")).isPresent();
    assertThat(post(Map.of(), good()).code()).isEqualTo("sign_in_required");
    assertThat(done).isEmpty();
  }

  @Test
  void whose_session_ended_before_a_form_comes_back_to_its_page_with_nothing_of_what_was_sent() {
    var ended = signedIn();
    ended.put("cookie", List.of("__Host-daypass=" + "E".repeat(43)));
    ended.put("referer", List.of(OURS + "/elsewhere"));
    var answer = post(ended, good() + "&comment=SENT&to=/elsewhere");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.code()).isEqualTo("sign_in_required");
    assertThat(answer.headers()).doesNotContainKey("Location");
    assertThat(answer.body().toString())
        .contains("<a class=\"button\" href=\"/sign-in?to=%2Frequests%2Fabc\">Sign in</a>")
        .doesNotContain("approve", "SENT", "elsewhere", FormToken.of(SESSION), "To the main page");
    assertThat(done).isEmpty();
  }

  @Test
  void what_is_no_path_of_ours_is_no_way_back_from_a_form_either() {
    for (var id : List.of("..", "a/../b", "/evil.example.com", "a".repeat(600), "{id}")) {
      var call =
          new Call(
              "POST",
              act.template(),
              Map.of("id", id),
              Map.of("to", "/elsewhere"),
              Map.of(),
              good(),
              "192.0.2.1",
              "t");
      assertThat(act.handler().handle(call).body().toString())
          .contains("href=\"/sign-in?to=%2F\">Sign in</a>");
    }
  }

  @Test
  void who_leaves_without_a_session_may_sign_in_and_begins_at_the_main_page() {
    var leave = visitors.leave("/sign-out", _ -> Answer.text(200, "out"));
    var call =
        new Call("POST", "/sign-out", Map.of(), Map.of(), Map.of(), good(), "192.0.2.1", "t");
    var answer = leave.handler().handle(call);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body().toString()).contains("href=\"/sign-in?to=%2F\">Sign in</a>");
  }

  @Test
  void who_comes_over_a_link_elsewhere_comes_again_once_from_here() {
    var first = get(Map.of("sec-fetch-site", List.of("cross-site")));
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body().toString()).contains("url=/requests/abc?tab=a+b%26c");
    assertThat(get(Map.of("sec-fetch-site", List.of("same-origin"))).status()).isEqualTo(303);
  }

  @Test
  void w2_what_another_site_embeds_is_no_visit_even_where_it_brings_the_session() {
    for (var site : List.of("same-site", "cross-site")) {
      var embedded = signedIn();
      embedded.put("sec-fetch-site", List.of(site));
      var answer = get(embedded);
      assertThat(answer.body().toString())
          .contains("url=/requests/abc?tab=a+b%26c")
          .doesNotContain(FormToken.of(SESSION));
    }
    assertThat(looked).isEmpty();
    var visited = signedIn();
    visited.put("sec-fetch-site", List.of("same-origin"));
    assertThat(get(visited).body().toString()).isEqualTo(FormToken.of(SESSION));
  }

  @Test
  void whoAskedForTooMuchToComeBackToComesBackToThePageItself() {
    var call =
        new Call(
            "GET",
            "/requests/{id}",
            Map.of("id", "abc"),
            Map.of("tab", "a".repeat(600)),
            Map.of(),
            "",
            "192.0.2.1",
            "t");
    assertThat(page.handler().handle(call).headers())
        .containsEntry("Location", "/sign-in?to=%2Frequests%2Fabc");
  }

  @Test
  void w2_nothing_is_done_for_a_form_that_is_not_ours() {
    var wrong = new LinkedHashMap<String, List<String>>();
    wrong.put("origin", List.of(OURS, OURS));
    wrong.put("sec-fetch-site", List.of("same-origin", "same-origin"));
    wrong.forEach((name, values) -> {
      var headers = signedIn();
      headers.put(name, values);
      assertThat(post(headers, good()).code()).isEqualTo("origin_not_allowed");
    });
    for (var origin :
        List.of("null", "https://daypass.example.com:444", "http://daypass.example.com")) {
      var headers = signedIn();
      headers.put("origin", List.of(origin));
      assertThat(post(headers, good()).code()).isEqualTo("origin_not_allowed");
    }
    var without = signedIn();
    without.remove("origin");
    assertThat(post(without, good()).code()).isEqualTo("origin_not_allowed");
    for (var body :
        List.of("", "form_token=", "form_token=x", "form_token=" + FormToken.of("other"))) {
      assertThat(post(signedIn(), body).code()).isEqualTo("form_token_invalid");
    }
    assertThat(post(signedIn(), good() + "&" + good()).code()).isEqualTo("parameter_repeated");
    assertThat(post(signedIn(), good() + "&role=x").code()).isEqualTo("parameter_unknown");
    assertThat(post(signedIn(), good() + "&comment=%ff").code()).isEqualTo("parameter_invalid");
    assertThat(done).isEmpty();
    // Browsers that do not say where a call comes from still say its origin.
    var old = signedIn();
    old.remove("sec-fetch-site");
    assertThat(post(old, good()).status()).isEqualTo(200);
  }

  @Test
  void a_cookie_that_comes_twice_is_none() {
    var twice = signedIn();
    twice.put("cookie", List.of("__Host-daypass=" + SESSION + "; __Host-daypass=" + SESSION));
    assertThat(get(twice).status()).isEqualTo(303);
    twice.put("cookie", List.of("__Host-daypass=" + SESSION, "__Host-daypass=" + SESSION));
    assertThat(get(twice).status()).isEqualTo(303);
    assertThat(looked).isEmpty();
  }

  @Test
  void sessions_that_are_none_are_counted_and_soon_nobody_looks() {
    var guessed = Map.of("cookie", List.of("__Host-daypass=" + "G".repeat(43)));
    var most = RateSettings.usual().failuresPerPeerAndSecond();
    for (int i = 0; i < most; i++) {
      assertThat(get(guessed).status()).isEqualTo(303);
    }
    var refused = get(guessed);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("too_many_failures");
    assertThat(refused.headers()).containsKey("Retry-After");
    assertThat(get(signedIn()).status()).isEqualTo(429);
    assertThat(looked).hasSize(most);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(get(signedIn()).status()).isEqualTo(200);
  }

  @Test
  void a_person_decides_so_often_per_minute_and_not_more() {
    var most = RateSettings.usual().decisionsPerPersonAndMinute();
    for (int i = 0; i < most; i++) {
      assertThat(post(signedIn(), good()).status()).isEqualTo(200);
    }
    assertThat(post(signedIn(), good()).code()).isEqualTo("too_many_requests");
    assertThat(done).hasSize(most);
    var leave = visitors.leave("/sign-out", _ -> Answer.text(200, "out"));
    var call =
        new Call("POST", "/sign-out", Map.of(), Map.of(), signedIn(), good(), "192.0.2.1", "t");
    assertThat(leave.handler().handle(call).status()).isEqualTo(200);
  }

  @Test
  void what_a_visit_and_its_form_hold_is_not_printed() {
    var visit =
        new Visit(
            new Call("GET", "/", Map.of(), Map.of(), Map.of(), "", "192.0.2.1", "t"),
            alice,
            "token-1",
            false);
    assertThat(visit.toString()).doesNotContain("token-1");
    assertThat(new SignInPage(List.of("staff"), "/", false, null, "token-1").toString())
        .doesNotContain("token-1");
  }
}
