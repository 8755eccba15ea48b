package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pages as engineers and approvers use them: signed in, on two replicas, by forms alone. */
class PagesInUseTest {

  private static World world;
  private static Replica a;
  private static Replica b;

  @BeforeAll
  static void start() throws Exception {
    world = World.busy("info");
    a = world.replica().awaitReady();
    b = world.replica().awaitReady();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void nobodyKeepsAnything() {
    for (var person : new String[] {world.person("alice"), world.person("dave")}) {
      for (var end : Map.of("approved", "return", "pending", "cancel").entrySet()) {
        var mine = a.api().get("/v1/requests?mine=true&state=" + end.getKey(), person);
        mine.list("requests").forEach(r -> a.api().on(r.getString("id"), end.getValue(), person));
      }
    }
  }

  private static Browser signedIn(String person, Replica at) {
    var browser = new Browser(world).at(at);
    browser.signIn(person);
    return browser;
  }

  private static Browser.Page send(Browser browser, String path, String... fields) {
    var form = new HashMap<String, String>();
    form.put("form_token", browser.formToken());
    for (int i = 0; i < fields.length; i += 2) {
      form.put(fields[i], fields[i + 1]);
    }
    return browser.post(path, form);
  }

  private static String asked(Browser browser, String role, String... fields) {
    return send(browser, "/roles/" + role + "/request", fields).is(303).header("Location");
  }

  private static String id(String page) {
    return page.substring("/requests/".length());
  }

  @Test
  void aRequestIsAskedForOnOneReplicaAndApprovedOnTheOther() throws Exception {
    var alice = signedIn("alice", a);
    var bob = signedIn("bob", b);
    var page = asked(alice, "prod-readonly", "duration", "2h", "reason", "slow\r\nqueries");
    assertThat(bob.get("/").is(200).body()).contains("href=\"" + page + "\"", "alice@acme.example");
    assertThat(bob.get(page).is(200).body()).contains("slow\nqueries", "one is missing");
    assertThat(
            send(bob, page + "/approve", "comment", "go", "duration", "1h")
                .is(303)
                .header("Location"))
        .isEqualTo(page);
    assertThat(alice.get(page).is(200).body()).contains("active", "1h (2h was asked for)", "go");
    var keys = a.api().credentials("prod-readonly", world.person("alice")).is(200);
    assertThat(keys.header("Daypass-Request")).isEqualTo(id(page));
    assertThat(alice.get(page).body()).contains("Last credential dies");
    send(bob, page + "/revoke", "reason", "enough").is(303);
    assertThat(alice.at(b).get(page).body()).contains("revoked", "enough");
    a.api().credentials("prod-readonly", world.person("alice")).is(403, "grant_revoked");
    assertThat(world.records.kinds(id(page)))
        .containsExactly(
            "request_made",
            "decided_by_rule",
            "approved",
            "intent",
            "sealed",
            "revoked",
            "refused");
  }

  @Test
  void c1_nobodyApprovesTheirOwnByAFormAndTheLedgerSaysWhoTried() throws Exception {
    var bob = signedIn("bob", a);
    var page = asked(bob, "prod-readonly", "duration", "1h", "reason", "my own");
    assertThat(bob.get(page).body())
        .contains("Nobody decides on their own request")
        .doesNotContain("action=\"" + page + "/approve\"");
    send(bob, page + "/approve").is(403, "self_approval");
    assertThat(world.records.kinds(id(page)))
        .containsExactly("request_made", "decided_by_rule", "refused");
    assertThat(world.records.ledger()).contains("POST /requests/{id}/approve");
    send(bob, page + "/cancel").is(303);
  }

  @Test
  void w9_theLinkOfSomebodyElsesRequestIsTheAnswerOfOneThatIsNotThere() {
    var page = asked(signedIn("alice", a), "prod-readonly", "duration", "1h", "reason", "secret");
    var dave = signedIn("dave", b);
    var forbidden = dave.get(page).is(404, "not_found");
    assertThat(forbidden.body()).isEqualTo(dave.get("/requests/zzzzzzzzzzzzzzzz").body());
    send(dave, page + "/approve").is(404, "not_found");
    send(dave, page + "/cancel").is(404, "not_found");
    send(dave, page + "/console").is(404, "not_found");
  }

  @Test
  void whoOpensTheLinkUnsignedIsSentToTheSignInAndBack() {
    var api = a.api();
    var made =
        api.post(
                "/v1/requests",
                world.person("alice"),
                "role",
                "prod-readonly",
                "duration",
                "1h",
                "reason",
                "from a chat")
            .is(201);
    assertThat(made.text("url")).isEqualTo(world.url() + "/requests/" + made.text("id"));
    assertThat(made.header("Location")).isEqualTo("/v1/requests/" + made.text("id"));
    var path = made.text("url").substring(world.url().length());
    var bob = new Browser(world).at(a);
    var sent = bob.get(path).is(303);
    assertThat(sent.header("Location")).isEqualTo("/sign-in?to=%2Frequests%2F" + made.text("id"));
    assertThat(bob.signIn("bob", path).onward()).isEqualTo(path);
    assertThat(bob.get(path).is(200).body()).contains("from a chat");
  }

  @Test
  void c5_oneFormSentFiftyTimesToBothReplicasMakesOneRequest() {
    var onA = signedIn("alice", a);
    var key = onA.get("/roles/staging-admin").field("key");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sent =
          IntStream.range(0, 50)
              .mapToObj(i ->
                  CompletableFuture.supplyAsync(
                      () -> {
                        var browser = i % 2 == 0 ? a : b;
                        return sendTo(browser, onA, key);
                      },
                      threads))
              .toList();
      var leads = sent.stream().map(CompletableFuture::join).distinct().toList();
      assertThat(leads).hasSize(1);
      assertThat(leads.getFirst()).startsWith("/requests/");
    }
  }

  private static String sendTo(Replica replica, Browser signedIn, String key) {
    var browser = new Browser(world).at(replica);
    browser.plant("__Host-daypass", signedIn.cookie("__Host-daypass").orElseThrow());
    var form = new String[] {"duration", "1h", "reason", "once", "key", key};
    var page = send(browser, "/roles/staging-admin/request", form);
    // Who had to wait for a connection to the database too long sends the form again.
    for (var again = 0; again < 9 && page.status() == 503; again++) {
      page = send(browser, "/roles/staging-admin/request", form);
    }
    return page.is(303).header("Location");
  }

  @Test
  void aConsoleIsOpenedFromThePageAndTheLinkIsInNoLog() throws Exception {
    var alice = signedIn("alice", a);
    var page = asked(alice, "staging-admin", "duration", "30m", "reason", "look");
    var opened = send(alice, page + "/console").is(200);
    var link = opened.onward();
    assertThat(link).startsWith(world.sandbox.url() + "/aws/signin");
    assertThat(opened.header("Cache-Control")).isEqualTo("no-store");
    var browsed = alice.outside("GET", link, "");
    assertThat(browsed.statusCode()).isLessThan(400);
    var token = link.replaceFirst(".*SigninToken=([^&]*).*", "$1");
    assertThat(a.log()).doesNotContain(token);
    send(alice, page + "/console", "destination", "//evil.example").is(422, "no_such_destination");
    send(alice, page + "/return").is(303);
    send(alice, page + "/console").is(403);
  }

  @Test
  void anAuditorReadsInTheBrowserWhatBecameOfARequest() throws Exception {
    var page = asked(signedIn("alice", a), "prod-readonly", "duration", "1h", "reason", "for erin");
    send(signedIn("bob", a), page + "/approve", "comment", "go").is(303);
    var keys = a.api().credentials("prod-readonly", world.person("alice")).is(200);
    var erin = signedIn("erin", b);
    assertThat(erin.get("/").body()).contains("href=\"/ledger\"");
    assertThat(erin.get("/requests?state=approved").is(200).body()).contains(page, "for erin");
    var about = "/ledger?order=oldest+first&request=" + id(page);
    assertThat(erin.get(page).is(200).body()).contains(about.replace("&", "&amp;"));
    assertThat(erin.get(about).is(200).body())
        .containsSubsequence(
            "<code>request_made</code>",
            "<code>decided_by_rule</code>",
            "<code>approved</code>",
            "<code>intent</code>",
            "<code>sealed</code>",
            "<dt>fingerprint</dt>")
        .contains(keys.text("AccessKeyId"))
        .doesNotContain(keys.text("SecretAccessKey"), keys.text("SessionToken"));
    Until.holds(
        "a checkpoint is shown",
        Duration.ofSeconds(30),
        () -> erin.get("/ledger").body().contains("Merkle root: <code>"));
    signedIn("dave", a).get("/ledger").is(403, "not_allowed");
    assertThat(world.records.ledger()).contains("GET /ledger", "\"asked\"");
  }

  @Test
  void anApproverSeesWhichRunAsks() {
    var run =
        world
            .sandbox
            .github()
            .token(Map.of("aud", world.url(), "environment", "release", "run_id", "77"));
    var id = a.api().credentials("ci-release", run).is(202).text("request_id");
    var shown = signedIn("bob", b).get("/requests/" + id).is(200).body();
    assertThat(shown)
        .contains("The run that asks", "acme/shop", "refs/heads/main", "/actions/runs/77");
    // The sandbox's issuer has no TLS: nobody is led there.
    assertThat(shown).doesNotContain("href=\"http");
  }

  @Test
  void whatOutlivesAnApprovalIsToldWithUntilWhen() {
    var alice = signedIn("alice", a);
    var page = asked(alice, "azure-reports", "duration", "10m", "reason", "month's end");
    assertThat(alice.get(page).body()).contains("no credential so far", "outlives its approval");
    var token = a.api().credentials("azure-reports", world.person("alice")).is(200);
    var request = a.api().get("/v1/requests/" + id(page), world.person("alice")).is(200);
    assertThat(request.instant("credentials_live_until"))
        .isEqualTo(token.instant("lives_until"))
        .isAfter(request.instant("grant_ends_at"));
    send(alice, page + "/return").is(303);
    assertThat(alice.get(page).body())
        .contains("Last token works until", "datetime=\"" + token.text("lives_until"));
  }

  @Test
  void w2_aTokenOfTheApiOpensNoPageAndASessionNoApi() {
    var alice = signedIn("alice", a);
    var withBearer =
        new Browser(world)
            .at(a)
            .get("/", Map.of("Authorization", "Bearer " + world.person("alice")));
    assertThat(withBearer.status()).isEqualTo(303);
    assertThat(alice.get("/v1/me").status()).isEqualTo(401);
  }
}
