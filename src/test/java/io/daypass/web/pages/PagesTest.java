package io.daypass.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.web.api.World;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {

  private final World world = new World();
  private final Browser alice = world.browser("alice");
  private final Browser bob = world.browser("bob");

  @AfterEach
  void stop() {
    world.close();
  }

  private static Map<String, String> ask(String reason) {
    return Map.of("duration", "2h", "reason", reason, "ticket", "OPS-7");
  }

  private String asked(String reason) {
    var answer =
        alice.submit(alice.page("/roles/prod-admin"), "/roles/prod-admin/request", ask(reason));
    return goneTo(answer);
  }

  /** Where a form that was done leads. */
  private static String goneTo(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private static HttpResponse<String> said(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("<code>" + code + "</code>");
    return answer;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/roles/prod-admin/request",
        "/requests/abc/approve",
        "/requests/abc/deny",
        "/requests/abc/cancel",
        "/requests/abc/return",
        "/requests/abc/revoke",
        "/requests/abc/extend",
        "/requests/abc/console"
      })
  void whoseSessionHasEndedComesBackToThePageOfTheForm(String form) {
    var page = form.substring(0, form.lastIndexOf('/'));
    var answer = said(world.browser("nobody").post(form, ask("x")), 403, "sign_in_required");
    assertThat(answer.body())
        .contains("href=\"/sign-in?to=" + page.replace("/", "%2F") + "\">Sign in</a>")
        .doesNotContain("OPS-7");
  }

  @Test
  void aRequestIsAskedForApprovedAndGivenBackWithFormsAlone() {
    var page = asked("the disk is full");
    assertThat(alice.page(page)).contains("waits for approval", "the disk is full", "OPS-7");
    assertThat(bob.page("/")).contains("href=\"" + page + "\"", "the disk is full");
    var given =
        bob.submit(bob.page(page), page + "/approve", Map.of("comment", "go", "duration", "1h"));
    assertThat(goneTo(given)).isEqualTo(page);
    assertThat(alice.page(page)).contains("active", "1h (2h was asked for)", "go", "approved 1h");
    assertThat(alice.page("/")).contains("active", "in 1h");
    goneTo(alice.submit(alice.page(page), page + "/return", Map.of()));
    assertThat(alice.page(page))
        .contains("returned", "gave it back", "Approved until", "What the rule asked for")
        .doesNotContain("Access until", "one person:");
    assertThat(Browser.offers(alice.page(page), page + "/return")).isFalse();
  }

  @Test
  void aRoleThatItsRuleGivesAtOnceIsActiveAtOnce() {
    var answer =
        alice.submit(
            alice.page("/roles/staging-admin"),
            "/roles/staging-admin/request",
            Map.of("duration", "30m", "reason", "", "ticket", "", "starts_at", ""));
    assertThat(alice.page(goneTo(answer)))
        .contains("active")
        // A grant starts at a whole second, and is still told after what made it start.
        .containsSubsequence("asked for", "approved at once by the rule", "the grant started");
  }

  @Test
  void c1_nobodyApprovesTheirOwnRequestByAForm() {
    var page = asked("mine");
    var shown = alice.page(page);
    assertThat(Browser.offers(shown, page + "/approve")).isFalse();
    assertThat(shown).contains("Nobody decides on their own request");
    var forged = alice.post(page + "/approve", Map.of("form_token", alice.formToken()));
    said(forged, 403, "self_approval");
    assertThat(alice.page(page)).contains("waits for approval");
    assertThat(world.entries())
        .anyMatch(entry ->
            "self_approval".equals(entry.detail().get("code"))
                && "POST /requests/{id}/approve".equals(entry.detail().get("asked")));
  }

  @Test
  void whoMayNotKnowOfARequestIsToldWhatIsToldOfOneThatIsNotThere() {
    var page = asked("secret plans");
    var mallory = world.browser("mallory");
    var forbidden = mallory.get(page);
    var unknown = mallory.get("/requests/zzzzzzzzzzzzzzzz");
    said(forbidden, 404, "not_found");
    assertThat(forbidden.body()).isEqualTo(unknown.body());
    for (var act :
        new String[] {"approve", "deny", "cancel", "return", "extend", "revoke", "console"}) {
      var fields =
          switch (act) {
            case "deny" -> Map.of("comment", "no");
            case "revoke" -> Map.of("reason", "no");
            case "extend" -> Map.of("duration", "1h");
            default -> Map.<String, String>of();
          };
      if (act.equals("revoke")) {
        world.nextMinute();
      }
      var all = new java.util.HashMap<>(fields);
      all.put("form_token", mallory.formToken());
      said(mallory.post(page + "/" + act, all), 404, "not_found");
    }
  }

  @Test
  void anAuditorReadsButIsOfferedNothing() {
    var page = asked("look at me");
    var erin = world.browser("erin").page(page);
    assertThat(erin).contains("look at me", "There is nothing for you to do here");
    assertThat(erin).doesNotContain("action=\"" + page);
    var forged =
        world
            .browser("erin")
            .post(
                page + "/deny",
                Map.of("comment", "no", "form_token", world.browser("erin").formToken()));
    said(forged, 403, "not_an_approver");
  }

  @Test
  void c9_whoSignedInTooLongAgoIsSentToSignInAgainAndCannotDecide() {
    var page = asked("late");
    var olaf = world.browser("olaf");
    var shown = olaf.page(page);
    assertThat(shown).contains("Sign in again", "href=\"/sign-in?fresh=&amp;to=" + page + "\"");
    assertThat(Browser.offers(shown, page + "/approve")).isFalse();
    var forged = olaf.post(page + "/approve", Map.of("form_token", olaf.formToken()));
    said(forged, 403, "fresh_login_required");
    assertThat(alice.page(page)).contains("waits for approval");
  }

  @Test
  void aDenialNeedsAReasonAndKeepsWhatWasWritten() {
    var page = asked("please");
    var shown = bob.page(page);
    said(bob.submit(shown, page + "/deny", Map.of("comment", " ")), 400, "member_invalid");
    var long_ = "no ".repeat(400);
    var refused = bob.submit(shown, page + "/deny", Map.of("comment", long_));
    said(refused, 400, "member_invalid");
    assertThat(refused.body()).contains(long_.strip());
    goneTo(bob.submit(shown, page + "/deny", Map.of("comment", "not\r\ntoday")));
    assertThat(alice.page(page)).contains("denied", "not\ntoday");
  }

  @Test
  void aFormOfAPageThatIsOutOfDateSaysWhatHappenedMeanwhile() {
    var page = asked("stale");
    var stale = bob.page(page);
    goneTo(alice.submit(alice.page(page), page + "/cancel", Map.of()));
    var late = said(bob.submit(stale, page + "/approve", Map.of()), 409, "already_decided");
    assertThat(late.body()).doesNotContain("stale");
    var quin = world.browser("quin");
    var again = asked("stale too");
    var seen = quin.page(again);
    goneTo(bob.submit(bob.page(again), again + "/deny", Map.of("comment", "no")));
    var told =
        said(quin.submit(seen, again + "/revoke", Map.of("reason", "x")), 409, "already_ended");
    assertThat(told.body()).contains("denied");
  }

  @Test
  void c5_aFormThatIsSentTwiceIsDoneOnce() {
    var form = alice.page("/roles/staging-admin");
    var once = alice.submit(form, "/roles/staging-admin/request", Map.of("duration", "1h"));
    var twice = alice.submit(form, "/roles/staging-admin/request", Map.of("duration", "1h"));
    assertThat(goneTo(twice)).isEqualTo(goneTo(once));
    var page = asked("twice");
    var shown = bob.page(page);
    goneTo(bob.submit(shown, page + "/approve", Map.of()));
    said(bob.submit(shown, page + "/approve", Map.of()), 409, "already_decided");
  }

  private String active() {
    var form = alice.page("/roles/staging-admin");
    return goneTo(alice.submit(form, "/roles/staging-admin/request", Map.of("duration", "1h")));
  }

  @Test
  void moreTimeIsARequestOfItsOwnThatContinuesTheFirst() {
    var page = active();
    var shown = alice.page(page);
    said(alice.submit(shown, page + "/extend", Map.of("duration", "9d")), 422, "duration_too_long");
    var more = goneTo(alice.submit(shown, page + "/extend", Map.of("duration", "30m")));
    assertThat(more).isNotEqualTo(page);
    assertThat(alice.page(more)).contains("Continues", "href=\"" + page + "\"");
    assertThat(goneTo(alice.submit(shown, page + "/extend", Map.of("duration", "30m"))))
        .isEqualTo(more);
  }

  @Test
  void anAdministratorRevokesAndAnAuditorDoesNot() {
    var page = active();
    var erin = world.browser("erin");
    assertThat(Browser.offers(erin.page(page), page + "/revoke")).isFalse();
    var forged = Map.of("reason", "mine", "form_token", erin.formToken());
    said(erin.post(page + "/revoke", forged), 403, "not_allowed");
    assertThat(alice.page(page)).contains("active");
    var pat = world.browser("pat");
    var shown = pat.page(page);
    var blank = pat.submit(shown, page + "/revoke", Map.of("reason", " "));
    assertThat(said(blank, 400, "member_invalid").body())
        .contains("Not filled in right", "“Why” must be said")
        .doesNotContain("&#34;reason&#34;");
    goneTo(pat.submit(shown, page + "/revoke", Map.of("reason", "an incident")));
    assertThat(alice.page(page)).contains("revoked", "an incident", "pat@example.com revoked it");
    assertThat(Browser.offers(alice.page(page), page + "/console")).isFalse();
  }

  @Test
  void whatIsNotGrantedYetIsEndedAndNotRevoked() {
    var page = asked("the disk is full");
    var pat = world.browser("pat");
    assertThat(pat.page(page)).contains("End the request").doesNotContain(">Revoke<");
    goneTo(pat.submit(pat.page(page), page + "/revoke", Map.of("reason", "a mistake")));
    assertThat(alice.page(page)).contains("a mistake").doesNotContain("waits for approval");
  }

  @Test
  void whatWaitsIsToBeDecidedByATimeAndWhoMayAskForNothingIsSentNowhere() {
    asked("the disk is full");
    assertThat(alice.page("/")).contains("to be decided by");
    assertThat(world.browser("erin").page("/"))
        .contains("No rule of the policies lets you ask")
        .doesNotContain("href=\"/roles\">Ask for a role");
  }

  @Test
  void theConsoleOpensByAPageOfOursAndOnlyForTheOwner() {
    var made =
        alice.submit(
            alice.page("/roles/staging-admin"),
            "/roles/staging-admin/request",
            Map.of("duration", "1h"));
    var page = goneTo(made);
    var opened = alice.submit(alice.page(page), page + "/console", Map.of("destination", "ec2"));
    assertThat(opened.statusCode()).isEqualTo(200);
    assertThat(opened.body())
        .contains("http-equiv=\"refresh\" content=\"0; url=https://console.invalid/ec2");
    assertThat(opened.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(opened.headers().firstValue("Referrer-Policy")).hasValue("same-origin");
    var elsewhere =
        alice.submit(alice.page(page), page + "/console", Map.of("destination", "//evil"));
    said(elsewhere, 422, "no_such_destination");
    var quin = world.browser("quin");
    assertThat(Browser.offers(quin.page(page), page + "/console")).isFalse();
    said(quin.post(page + "/console", Map.of("form_token", quin.formToken())), 404, "not_found");
  }

  @Test
  void whatARuleWantsIsSaidBeforeAndWhatIsWrongIsSaidAfter() {
    var form = alice.page("/roles/prod-admin");
    assertThat(form)
        .contains(
            "at most 8h",
            "must match OPS-[0-9]+ as a whole",
            "one person with \"leads\" in groups");
    var wrong =
        alice.submit(
            form,
            "/roles/prod-admin/request",
            Map.of("duration", "2h", "reason", "kept as it was", "ticket", "ABC-1"));
    said(wrong, 422, "ticket_mismatch");
    assertThat(wrong.body()).contains("kept as it was", "value=\"ABC-1\"");
    assertThat(alice.page("/")).contains("asked for none");
  }

  @Test
  void whyNotIsToldAndNoFormIsOffered() {
    var why = alice.page("/roles/ci-deploy");
    assertThat(why)
        .contains("does not hold", "You cannot ask for it now", "ask the owners of the policies")
        .doesNotContain("/v1/");
    assertThat(Browser.offers(why, "/roles/ci-deploy/request")).isFalse();
    var forged =
        alice.post(
            "/roles/ci-deploy/request", Map.of("duration", "1h", "form_token", alice.formToken()));
    said(forged, 403, "denied_by_policy");
    assertThat(world.entries())
        .anyMatch(entry -> "POST /roles/{role}/request".equals(entry.detail().get("asked")));
  }

  @Test
  void aStartIsTakenAsUtc() {
    var answer =
        alice.submit(
            alice.page("/roles/staging-admin"),
            "/roles/staging-admin/request",
            Map.of("duration", "1h", "starts_at", "2026-11-21T09:30"));
    assertThat(alice.page(goneTo(answer))).contains("2026-11-21T09:30:00Z");
  }

  @Test
  void onlyAPageInWhichNothingIsTypedLooksAgainByItselfAndNotForEver() {
    var page = asked("wait");
    var again =
        Pattern.compile("http-equiv=\"refresh\" content=\"10; url=(" + page + "\\?look=1)\"");
    assertThat(alice.page(page)).containsPattern(again);
    assertThat(alice.page(page + "?look=60")).doesNotContain("http-equiv");
    assertThat(alice.page(page + "?look=x")).containsPattern(again);
    assertThat(bob.page(page)).doesNotContain("http-equiv");
    assertThat(alice.page("/")).doesNotContain("http-equiv");
  }

  @Test
  void theLedgerAwayIsAPageThatSaysSo() {
    world.breakStores();
    var answer = said(alice.get("/"), 503, "ledger_unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body()).contains("incident <code>trace-").doesNotContain("hunter2");
  }

  @Test
  void whoComesTooOftenGetsAPageThatSaysWhenToComeAgain() {
    HttpResponse<String> last = alice.get("/");
    for (int i = 0; i < 10 && last.statusCode() != 429; i++) {
      last =
          alice.post("/requests/zzzzzzzzzzzzzzzz/cancel", Map.of("form_token", alice.formToken()));
    }
    said(last, 429, "too_many_requests");
    assertThat(last.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void aBrowserThatGoesAstrayGetsAPageAndAProgramAProblem() {
    var nowhere = said(alice.get("/nowhere"), 404, "not_found");
    assertThat(nowhere.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; script-src 'self'");
    var wrong = said(alice.get("/requests/zzzzzzzzzzzzzzzz/approve"), 405, "method_not_allowed");
    assertThat(wrong.headers().firstValue("Allow")).hasValue("POST");
    var program = world.get("alice", "/nowhere");
    assertThat(program.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void onlyTheKnownAssetsAreServedAndMayBeKept() {
    var css =
        Pattern.compile("href=\"(/assets/daypass-[0-9a-f]{16}\\.css)\"").matcher(alice.page("/"));
    assertThat(css.find()).isTrue();
    var answer = alice.get(css.group(1));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/css; charset=utf-8");
    assertThat(answer.headers().firstValue("Cache-Control"))
        .hasValue("public, max-age=31536000, immutable");
    assertThat(alice.get("/assets/daypass.css").statusCode()).isEqualTo(404);
    assertThat(alice.get("/assets/").statusCode()).isGreaterThanOrEqualTo(400);
  }
}
