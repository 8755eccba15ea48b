package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.daypass.sandbox.http.Fault;
import io.vertx.core.json.JsonObject;
import jakarta.mail.internet.MimeMessage;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** People are told, by two replicas, over a Slack channel, a signed webhook and mail. */
class NoticesTest {

  private static final String EVERYTHING =
      "[waiting, approved, denied, cancelled, lapsed, returned, revoked, orphaned, cleanup_stuck,"
          + " stopped, resumed]";

  private static World world;
  private static GreenMail mail;
  private static Api api;

  @BeforeAll
  static void start() throws Exception {
    mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    world =
        World.with(
            """
              - name: everything-to-slack
                of: %1$s
                slack: { url-file: "secrets/slack-url" }
              - name: leads-mail
                of: %1$s
                mail: { server: "smtp://127.0.0.1:%2$d", from: daypass@acme.example, to: [leads@acme.example] }
            open-requests-per-person: 1000
            limits:
              issuances-per-person-and-minute: 100000
              decisions-per-person-and-minute: 100000
            """
                .formatted(EVERYTHING, mail.getSmtp().getPort()));
    api = world.replica().awaitReady().api();
    world.replica().awaitReady();
  }

  @AfterAll
  static void stop() {
    world.close();
    mail.stop();
  }

  @AfterEach
  void all_receivers_are_well() {
    world.sandbox.board().webhookFaults().clear();
    world.sandbox.board().slackFaults().clear();
  }

  private static String asked(String reason) {
    return api.ask(world.person("alice"), "prod-readonly", "30m", reason);
  }

  private static List<JsonObject> webhooks(String request) {
    return world.sandbox.board().list("webhook").stream()
        .filter(body -> body.encode().contains(request))
        .toList();
  }

  private static List<String> slacks(String request) {
    return world.sandbox.board().list("slack").stream()
        .map(JsonObject::encode)
        .filter(body -> body.contains(request))
        .toList();
  }

  private static List<String> letters(String request) {
    return Stream.of(mail.getReceivedMessages())
        .map(NoticesTest::text)
        .filter(text -> text.contains(request))
        .toList();
  }

  private static String text(MimeMessage letter) {
    try {
      return letter.getSubject() + "\n" + letter.getContent();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> kinds(String request) {
    return webhooks(request).stream().map(body -> body.getString("type")).sorted().toList();
  }

  private static void await(String request, String... kinds) throws InterruptedException {
    var wanted = Stream.of(kinds).sorted().toList();
    Until.holds(
        "the webhook was told " + wanted + " of " + request, () -> kinds(request).equals(wanted));
  }

  private static void settled() throws InterruptedException {
    Until.holds(
        "nothing waits to be told",
        () ->
            world.records.count(
                    "SELECT count(*) FROM daypass.notice_delivery WHERE state = 'waiting'")
                == 0);
  }

  @Test
  void each_thing_that_happens_to_a_request_is_told_once_over_every_channel() throws Exception {
    var approved = asked("told of twice");
    api.on(approved, "approve", world.person("bob"), "comment", "go ahead").is(200);
    var denied = asked("told of as denied");
    api.on(denied, "deny", world.person("bob"), "comment", "not today").is(200);
    var cancelled = asked("told of as cancelled");
    api.on(cancelled, "cancel", world.person("alice")).is(200);
    var returned = world.approved(api, "30m", "told of as returned");
    api.on(returned, "return", world.person("alice")).is(200);
    var revoked = world.approved(api, "30m", "told of as revoked");
    api.on(revoked, "revoke", world.person("pat"), "reason", "incident").is(200);
    await(approved, "waiting", "approved");
    await(denied, "waiting", "denied");
    await(cancelled, "waiting", "cancelled");
    await(returned, "waiting", "approved", "returned");
    await(revoked, "waiting", "approved", "revoked");
    settled();
    assertThat(letters(approved)).hasSize(2);
    assertThat(letters(denied)).anyMatch(text -> text.contains("not today"));
    assertThat(letters(revoked)).anyMatch(text -> text.contains("Because: incident"));
    // Once over the channel that tells of some, once over the one that tells of all.
    assertThat(slacks(cancelled)).hasSize(3);
    // Two replicas, and each notice once.
    assertThat(webhooks(revoked).stream().map(body -> body.getString("id")).distinct()).hasSize(3);
    assertThat(kinds(revoked)).hasSize(3);
  }

  @Test
  void what_a_webhook_says_of_a_request_is_what_the_api_says() throws Exception {
    var id = asked("the same words");
    await(id, "waiting");
    var told = webhooks(id).getFirst().getJsonObject("data").getJsonObject("request");
    var shown = api.get("/v1/requests/" + id, world.person("alice")).is(200).json();
    shown.remove("after_end");
    assertThat(told.getString("url")).isEqualTo(world.url() + "/requests/" + id);
    assertThat(told).isEqualTo(shown);
  }

  @Test
  void a_run_that_waits_is_told_with_repository_ref_commit_actor_and_a_link_to_it()
      throws Exception {
    var issued = Instant.now().getEpochSecond();
    var token =
        new Forgeries(world)
            .run(
                Map.of(
                    "environment", "release",
                    "run_id", "4711",
                    "run_attempt", "3",
                    "sha", "8f3c1d2e9a",
                    "actor", "octo-cat",
                    "iat", issued,
                    "nbf", issued,
                    "exp", issued + 300));
    var pending = api.credentials("ci-release", token).is(202);
    var id = pending.text("request_id");
    await(id, "waiting");
    settled();
    var origin =
        webhooks(id)
            .getFirst()
            .getJsonObject("data")
            .getJsonObject("request")
            .getJsonObject("origin");
    assertThat(origin.getString("repository")).isEqualTo("acme/shop");
    assertThat(origin.getString("ref")).isEqualTo("refs/heads/main");
    assertThat(origin.getString("commit")).isEqualTo("8f3c1d2e9a");
    assertThat(origin.getString("actor")).isEqualTo("octo-cat");
    var run = world.sandbox.github().provider().issuer().replaceAll("(https?://[^/]+).*", "$1");
    assertThat(origin.getString("run")).isEqualTo(run + "/acme/shop/actions/runs/4711/attempts/3");
    for (var text : List.of(slacks(id).getFirst(), letters(id).getFirst())) {
      assertThat(text)
          .contains(
              "acme/shop",
              "refs/heads/main",
              "8f3c1d2e9a",
              "octo-cat",
              origin.getString("run"),
              "/requests/" + id)
          .doesNotContain(token, pending.text("poll_token"));
    }
  }

  @Test
  void stop_and_resume_are_told() throws Exception {
    var before = world.sandbox.board().list("webhook").size();
    api.post("/v1/stop", world.person("pat"), "reason", "a drill").is(200);
    api.post("/v1/resume", world.person("pat"), "reason", "it is over").is(200);
    Until.holds(
        "both are told",
        () -> {
          var told = world.sandbox.board().list("webhook");
          var kinds = told.subList(before, told.size()).stream().map(b -> b.getString("type"));
          return kinds.toList().containsAll(List.of("stopped", "resumed"));
        });
    var stopped =
        world.sandbox.board().list("webhook").stream()
            .filter(body -> body.getString("type").equals("stopped"))
            .toList()
            .getLast()
            .getJsonObject("data");
    assertThat(stopped.getJsonObject("by").getString("subject")).isEqualTo("pat");
    assertThat(stopped.getString("reason")).isEqualTo("a drill");
  }

  @Test
  void a_request_that_nobody_decides_is_told_of_as_lapsed() throws Exception {
    var id = asked("nobody looks");
    await(id, "waiting");
    try (var database = world.records.superuser();
        var statement = database.createStatement()) {
      statement.execute(
          "UPDATE daypass.access_request SET lapses_at = clock_timestamp() WHERE id = '%s'"
              .formatted(id));
    }
    await(id, "waiting", "lapsed");
  }

  @Test
  void f38_receivers_that_are_away_hold_up_no_approval_and_no_issuance_and_no_other_channel()
      throws Exception {
    var board = world.sandbox.board();
    board.webhookFaults().always(new Fault.Hang());
    board.slackFaults().always(new Fault.Refuse(500, "no"));
    var requests = new ArrayList<String>();
    for (var i = 0; i < 12; i++) {
      var id = asked("while they are away " + i);
      api.on(id, "approve", world.person("bob")).is(200);
      requests.add(id);
    }
    api.credentials("prod-readonly", world.person("alice")).is(200);
    for (var id : requests) {
      Until.holds("mail tells of " + id, () -> letters(id).size() == 2);
    }
    board.webhookFaults().clear();
    board.slackFaults().clear();
    hurry();
    for (var id : requests) {
      Until.holds(
          "the webhook was told of " + id + " in the end",
          () -> kinds(id).containsAll(List.of("waiting", "approved")));
      Until.holds("Slack was told of " + id + " in the end", () -> slacks(id).size() >= 3);
    }
    assertThat(world.replicas().getFirst().log() + world.replicas().getLast().log())
        .contains("\"event\":\"notice.not_delivered\"", "\"reason\":\"http_500\"")
        .doesNotContain(board.slackUrl(), board.webhookSecret());
    assertThat(api.get("/metrics").is(200).body())
        .containsPattern(
            "daypass_notices_total\\{channel=\"leads-mail\",kind=\"waiting\",.*\\} [1-9]")
        .containsPattern("daypass_notices_total\\{.*outcome=\"failed\"\\} [1-9]")
        .contains("daypass_notices_waiting{channel=\"bus\",kind=\"waiting\"}");
  }

  /** As if the pauses and leases were over. */
  private static void hurry() throws Exception {
    try (var database = world.records.superuser();
        var statement = database.createStatement()) {
      statement.execute(
          "UPDATE daypass.notice_delivery SET next_try = clock_timestamp() WHERE state = 'waiting'");
    }
  }

  @Test
  void f30_what_a_killed_replica_was_about_to_tell_is_told_by_another() throws Exception {
    var board = world.sandbox.board();
    board.webhookFaults().always(new Fault.Refuse(503, "not now"));
    var id = asked("told by whoever lives");
    Until.holds("somebody has tried", () -> world.records.count(onItsWay(id)) == 1);
    board.webhookFaults().always(new Fault.Hang());
    hurry();
    Until.holds("somebody is delivering it", () -> world.records.count(claimed(id)) == 1);
    // Whichever of them it was.
    killAndStartAgain();
    board.webhookFaults().clear();
    Until.holds(
        "it is told",
        () -> {
          hurry();
          return !kinds(id).isEmpty();
        });
    settled();
    assertThat(ids(id)).hasSize(1);
  }

  @Test
  void f30_what_was_told_and_not_written_down_is_told_again_by_the_same_id() throws Exception {
    var board = world.sandbox.board();
    board.webhookFaults().always(new Fault.Delay(Duration.ofSeconds(5)));
    var id = asked("told twice");
    Until.holds("somebody is delivering it", () -> world.records.count(claimed(id)) == 1);
    try (Connection database = world.records.superuser();
        var statement = database.createStatement()) {
      database.setAutoCommit(false);
      // What comes back from the receiver cannot be written down.
      statement.execute(
          "SELECT 1 FROM daypass.notice_delivery WHERE state = 'waiting' FOR NO KEY UPDATE");
      Until.holds("it is told", () -> kinds(id).size() == 1);
      world.records.awaitBlocked("notice_delivered");
      killAndStartAgain();
      database.rollback();
    }
    board.webhookFaults().clear();
    Until.holds(
        "what a dead replica asked of the database is over",
        () -> !world.records.isBlocked("notice_delivered"));
    hurry();
    settled();
    assertThat(kinds(id)).isNotEmpty().containsOnly("waiting");
    assertThat(ids(id)).hasSize(1);
  }

  private static List<String> ids(String request) {
    return webhooks(request).stream().map(body -> body.getString("id")).distinct().toList();
  }

  private static String claimed(String request) {
    return onItsWay(request) + " AND d.claim IS NOT NULL";
  }

  private static String onItsWay(String request) {
    return "SELECT count(*) FROM daypass.notice_delivery d"
        + " JOIN daypass.notice n ON n.id = d.notice WHERE n.request_id = '"
        + request
        + "' AND d.channel = 'bus' AND d.state = 'waiting'";
  }

  private static void killAndStartAgain() throws Exception {
    for (var replica : world.replicas()) {
      replica.kill();
    }
    for (var replica : world.replicas()) {
      replica.startAgain();
    }
    for (var replica : world.replicas()) {
      replica.awaitReady();
    }
  }

  @Test
  void a_database_that_is_away_delays_what_is_told_and_loses_nothing() throws Exception {
    var id = "";
    try (Connection database = world.records.superuser();
        var statement = database.createStatement()) {
      database.setAutoCommit(false);
      // Whoever would lay it out waits, in vain.
      statement.execute("LOCK TABLE daypass.notice_delivery IN ACCESS EXCLUSIVE MODE");
      id = asked("while the tables are locked");
      Thread.sleep(Duration.ofSeconds(1));
      assertThat(kinds(id)).isEmpty();
      database.rollback();
    }
    await(id, "waiting");
  }

  @Test
  void c11_a_link_in_a_notice_decides_nothing() throws Exception {
    var id = asked("opened by a mail server");
    await(id, "waiting");
    var url = webhooks(id).getFirst().getJsonObject("data").getString("url");
    assertThat(url).isEqualTo(world.url() + "/requests/" + id);
    for (var path : List.of("/requests/" + id, "/v1/requests/" + id + "/approve")) {
      api.get(path);
      api.get(path, world.person("bob"));
    }
    var page = url.substring(world.url().length());
    var browser = new Browser(world);
    // Whoever has the link and nothing else is asked who they are, and told nothing.
    assertThat(browser.arrive(page).body()).doesNotContain("opened by a mail server", "alice");
    var led = browser.get(page).is(303);
    assertThat(led.header("Location")).startsWith("/sign-in?to=").contains(id);
    assertThat(browser.signIn("bob", page).onward()).isEqualTo(page);
    for (var opened : List.of(browser.arrive(page), browser.get(page))) {
      assertThat(opened.is(200).body()).doesNotContain("Approved by");
    }
    assertThat(browser.get(page).body())
        .contains(
            "opened by a mail server", "alice@acme.example", "action=\"" + page + "/approve\"");
    browser.get(page + "/approve").is(405);
    assertThat(api.get("/v1/requests/" + id, world.person("alice")).text("state"))
        .isEqualTo("pending");
    assertThat(world.records.kinds(id)).containsExactly("request_made", "decided_by_rule");
    browser.post(page + "/approve", Map.of("form_token", browser.formToken())).is(303);
    assertThat(api.get("/v1/requests/" + id, world.person("alice")).text("state"))
        .isEqualTo("approved");
  }

  @Test
  void check_says_where_notices_go_and_no_secret() throws Exception {
    var ended = Replica.run("check", "--config", world.replicas().getFirst().settings().toString());
    assertThat(ended.code()).isZero();
    assertThat(ended.text())
        .contains("notices \"bus\" by webhook to " + world.sandbox.board().webhookUrl())
        .contains("notices \"leads-mail\" by mail over 127.0.0.1:")
        .contains("notices \"leads-channel\" by Slack at localhost: waiting, lapsed")
        .doesNotContain(world.sandbox.board().slackUrl());
  }

  @Test
  void f33_a_replica_that_drains_finishes_what_it_is_telling() throws Exception {
    var replica = world.replica().awaitReady();
    world.sandbox.board().webhookFaults().next(new Fault.Delay(Duration.ofSeconds(2)), 1);
    var id = replica.api().ask(world.person("alice"), "prod-readonly", "30m", "told at the end");
    replica.terminate();
    assertThat(replica.awaitEnd(Duration.ofSeconds(40))).isZero();
    await(id, "waiting");
  }
}
