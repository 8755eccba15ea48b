package io.daypass.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.web.api.World;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lists of requests, and the ledger's page. */
class ReadingPagesTest {

  private static final Pattern NEXT = Pattern.compile("<a href=\"([^\"]+)\" rel=\"next\">");

  private final World world = new World();
  private final Browser alice = world.browser("alice");
  private final Browser bob = world.browser("bob");
  private final Browser erin = world.browser("erin");

  @AfterEach
  void stop() {
    world.close();
  }

  private static HttpResponse<String> said(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("<code>" + code + "</code>");
    return answer;
  }

  /** Where the rest of a list is. */
  private static String next(String page) {
    var found = NEXT.matcher(page);
    assertThat(found.find()).as(page).isTrue();
    return found.group(1).replace("&amp;", "&");
  }

  private List<Entry> written(EntryKind kind) {
    return world.entries().stream().filter(entry -> entry.kind() == kind).toList();
  }

  private void cancelled(String request) {
    var page = "/requests/" + request;
    assertThat(alice.submit(alice.page(page), page + "/cancel", Map.of()).statusCode())
        .isEqualTo(303);
  }

  @Test
  void whatIsOverIsStillListedForItsRequesterAndForAuditors() {
    var over = world.pending();
    cancelled(over);
    assertThat(alice.page("/")).doesNotContain(over);
    for (var viewer : List.of(alice, erin)) {
      assertThat(viewer.page("/requests")).contains("href=\"/requests/" + over + "\"", "cancelled");
    }
    assertThat(world.browser("mallory").page("/requests"))
        .doesNotContain(over)
        .contains("There is none like that");
  }

  @Test
  void requestsAreChosenByStateByRoleAndByWhoseTheyAre() {
    var over = world.pending();
    cancelled(over);
    var open = world.pending();
    assertThat(alice.page("/requests?state=cancelled&role=")).contains(over).doesNotContain(open);
    assertThat(alice.page("/requests?state=pending&role=prod-admin"))
        .contains(open, "value=\"prod-admin\"", "<option value=\"pending\" selected>")
        .doesNotContain(over);
    assertThat(alice.page("/requests?role=staging-admin")).doesNotContain(over, open);
    assertThat(bob.page("/requests?mine=true")).doesNotContain(over, open);
    assertThat(bob.page("/requests?to_decide=true"))
        .contains(open, "<input type=\"hidden\" name=\"to_decide\" value=\"true\">")
        .contains("<a href=\"/requests?to_decide=true\" aria-current=\"page\">")
        .doesNotContain(over);
  }

  @Test
  void aChoiceThatCannotBeReadIsSaidAndKeptInItsField() {
    var page = said(alice.get("/requests?role=no+role"), 400, "parameter_invalid");
    assertThat(page.body())
        .contains("must be the name of a role", "value=\"no role\"")
        .doesNotContain("none like that");
    said(alice.get("/requests?state=gone"), 400, "parameter_invalid");
    said(alice.get("/requests?cursor=made-up"), 400, "cursor_invalid");
    said(alice.get("/requests?who=bob"), 400, "parameter_unknown");
    said(erin.get("/ledger?since=yesterday"), 400, "parameter_invalid");
    said(erin.get("/ledger?kind=gossip"), 400, "parameter_invalid");
    said(erin.get("/ledger?order=best"), 400, "parameter_invalid");
    said(erin.get("/ledger?request=1"), 400, "parameter_invalid");
  }

  @Test
  void olderRequestsAreOnTheNextPageWhichIsItsReadersAlone() {
    for (int i = 0; i < 51; i++) {
      cancelledQuickly();
    }
    var first = alice.page("/requests?state=cancelled");
    var older = next(first);
    assertThat(older).startsWith("/requests?cursor=").endsWith("&state=cancelled");
    var second = alice.page(older);
    assertThat(second).contains("href=\"/requests/").doesNotContain("rel=\"next\"");
    said(erin.get(older), 400, "cursor_invalid");
  }

  private void cancelledQuickly() {
    world.nextMinute();
    var id = world.pending();
    assertThat(world.post("alice", "/v1/requests/" + id + "/cancel", "{}").statusCode())
        .isEqualTo(200);
  }

  @Test
  void onlyAuditorsAreLedToTheLedgerAndWhoTriesWithoutIsWrittenDown() {
    assertThat(erin.page("/")).contains("href=\"/ledger\"");
    for (var other : List.of("alice", "bob", "pat")) {
      assertThat(world.browser(other).page("/")).doesNotContain("href=\"/ledger\"");
      var refused = said(world.browser(other).get("/ledger"), 403, "not_allowed");
      assertThat(refused.body()).doesNotContain("ledger_read");
    }
    assertThat(written(EntryKind.LEDGER_READ)).isEmpty();
    assertThat(written(EntryKind.REFUSED))
        .extracting(entry -> Objects.requireNonNull(entry.caller()).subject())
        .containsExactly("alice", "bob", "pat");
    assertThat(written(EntryKind.REFUSED))
        .allMatch(entry -> "GET /ledger".equals(entry.detail().get("asked")));
  }

  @Test
  void whoIsRefusedTheLedgerTooOftenFillsItNoMore() {
    for (int i = 0; i < 20; i++) {
      alice.get("/ledger");
    }
    said(alice.get("/ledger"), 429, "too_many_requests");
    assertThat(written(EntryKind.REFUSED)).hasSizeLessThan(10);
  }

  @Test
  void anAuditorSeesWhatWasRefusedToWhomAndThatTheyLooked() {
    alice.get("/ledger");
    var page = erin.page("/ledger");
    assertThat(page)
        .containsSubsequence("<code>ledger_read</code>", "erin", "<code>refused</code>", "alice")
        .contains(
            "<summary><bdi>not_allowed</bdi></summary>",
            "<dt>code</dt>",
            "not_allowed",
            "<dt>asked</dt>",
            "GET /ledger",
            "<dt>sha256</dt>");
    assertThat(written(EntryKind.LEDGER_READ)).hasSize(1);
    assertThat(erin.page("/ledger?kind=refused&since=&caller=&role=&request="))
        .contains("<code>refused</code>")
        .doesNotContain("<code>ledger_read</code>");
    var choice = written(EntryKind.LEDGER_READ).getLast().detail();
    assertThat(choice).containsEntry("kind", "refused").doesNotContainKeys("since", "before");
  }

  @Test
  void theLedgerIsReadPageByPageInEitherOrder() {
    for (int i = 0; i < 60; i++) {
      world.get("erin", "/v1/ledger?role=number-" + i);
    }
    var newest = erin.page("/ledger");
    assertThat(newest).contains("number-59").doesNotContain("number-5<");
    var older = next(newest);
    assertThat(erin.page(older)).contains("number-5<").doesNotContain("rel=\"next\"");
    assertThat(written(EntryKind.LEDGER_READ).getLast().detail()).containsKey("before");
    var oldest = erin.page("/ledger?order=oldest+first");
    assertThat(oldest).contains("number-0<").doesNotContain("number-59");
    var later = next(oldest);
    assertThat(erin.page(later)).contains("number-59");
    // A place in one order is none in the other.
    said(erin.get(older + "&order=oldest+first"), 400, "cursor_invalid");
    said(erin.get(later.replace("&order=oldest+first", "")), 400, "cursor_invalid");
    assertThat(world.get("erin", "/v1" + older).body()).contains("cursor_invalid");
  }

  @Test
  void theLedgerIsChosenBySinceCallerAndRole() {
    alice.get("/ledger");
    world.get("run", "/v1/roles/ci-deploy/explain?as=alice");
    var since = "/ledger?kind=refused&since=";
    assertThat(erin.page(since + "2026-11-21T08:00")).contains(">staff alice<");
    assertThat(erin.page(since + "2026-11-21T08:01")).contains("There is none like that");
    assertThat(erin.page("/ledger?kind=refused&caller=staff+alice"))
        .contains(
            "<a href=\"/ledger?caller=staff+alice\"><bdi>staff alice</bdi></a>",
            "value=\"staff alice\"")
        .doesNotContain("ci-deploy");
    assertThat(erin.page("/ledger?role=ci-deploy"))
        .contains("<bdi>ci-deploy</bdi>", "repo:acme/shop")
        .doesNotContain(">staff alice<");
  }

  @Test
  void wherePagesEndIsNotSaidAsIfThereWereNothing() {
    for (int i = 0; i < 50; i++) {
      cancelledQuickly();
    }
    var end = alice.page(next(alice.page("/requests?state=cancelled")));
    assertThat(end).contains("There are no more.").doesNotContain("none like that");
  }

  @Test
  void aRequestIsFoundByHowItsIdStarts() {
    var id = world.pending();
    assertThat(alice.page("/requests?id=" + id)).contains("/requests/" + id, "value=\"" + id);
    assertThat(alice.page("/requests?id=zz")).doesNotContain("/requests/" + id);
    said(alice.get("/requests?id=%21"), 400, "parameter_invalid");
  }

  @Test
  void anAuditorIsLedFromARequestToAllThatIsWrittenAboutIt() {
    var id = world.pending();
    var link = "href=\"/ledger?order=oldest+first&amp;request=" + id + "\"";
    assertThat(erin.page("/requests/" + id)).contains(link);
    assertThat(alice.page("/requests/" + id)).doesNotContain("/ledger");
    alice.post("/requests/" + id + "/approve", Map.of("form_token", alice.formToken()));
    assertThat(erin.page("/ledger?order=oldest+first&request=" + id))
        .contains("<code>refused</code>", "self_approval", "href=\"/requests/" + id + "\"")
        .doesNotContain("<code>ledger_read</code>");
  }

  @Test
  void thePageSaysWhatHoldsTheLedgerTogetherAndHowToCheckIt() {
    assertThat(erin.page("/ledger")).contains("There is no checkpoint yet", "daypass audit verify");
    world.checkpointed();
    assertThat(erin.page("/ledger")).contains("just these 3 entries", "Merkle root: <code>");
  }
}
