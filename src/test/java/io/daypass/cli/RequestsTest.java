package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.screen.Columns;
import io.daypass.cli.screen.Screen;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Asking and deciding from a shell, against answers that no real broker would give in a test. */
class RequestsTest {

  private static final String FIRST = "mggg7g1xgtgf1xhq";
  private static final String SECOND = "mggh000000000000";

  @TempDir private Path home;
  private FakeBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker = new FakeBroker();
    shell = new Shell(home).with("DAYPASS_URL", broker.url()).with("DAYPASS_TOKEN", "a.b.c");
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private static String request(String id, String state, String reason) {
    return """
    {"id":"%s","url":"https://daypass.example.com/r/%s","state":"%s","role":"prod-readonly",\
    "requester":{"issuer":"staff","subject":"alice","kind":"human","shown_as":"alice@acme.example"},\
    "duration":"1h","reason":"%s","rule":"engineers, with a lead",\
    "approval":[{"from":"\\"leads\\" in groups","count":1}],"approvals":[],\
    "made_at":"2026-03-02T11:59:00Z","lapses_at":"2026-03-03T11:59:00Z"%s}\
    """
        .formatted(
            id,
            id,
            state,
            reason,
            state.equals("approved")
                ? ",\"grant_starts_at\":\"2026-03-02T12:00:00Z\",\"grant_ends_at\":\"2026-03-02T13:00:00Z\""
                : "");
  }

  private static String page(String... requests) {
    return "{\"requests\":[" + String.join(",", requests) + "]}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"return", "revoke"})
  void whoeverEndsAGrantKeepsNoKeysOfIt(String ending) {
    var take = "POST /v1/roles/prod-readonly/credentials";
    broker
        .on(
            take,
            200,
            """
            {"Version":1,"AccessKeyId":"OLD","SecretAccessKey":"s","SessionToken":"t",\
            "Expiration":"2026-03-02T13:00:00Z","AccountId":"123456789012"}\
            """,
            Map.of("Daypass-Request", FIRST, "Daypass-Grant-Ends", "2026-03-02T13:00:00Z"))
        .on("POST /v1/requests/" + FIRST + "/" + ending, 200, request(FIRST, "returned", "x"));
    assertThat(shell.run("aws", "credentials", "prod-readonly").out()).contains("OLD");
    var reason = new String[] {ending, FIRST, "--reason", "done"};
    assertThat(shell.run(reason).exit()).isZero();
    broker.refuses(take, 403, "grant_returned", "the grant was returned", "ask again");
    assertThat(shell.run("aws", "credentials", "prod-readonly").exit()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "approved,2026-03-02T12:00:00Z,1",
    "approved,2026-03-02T12:00:03Z,1",
    "approved,2026-03-02T12:40:00Z,0",
    "pending,2026-03-02T12:00:00Z,0"
  })
  void whatAnotherRequestGaveIsForgottenOnceThereIsANewOne(String state, String starts, int more) {
    var take = "POST /v1/roles/prod-readonly/credentials";
    broker
        .on(
            take,
            200,
            """
            {"Version":1,"AccessKeyId":"OLD","SecretAccessKey":"s","SessionToken":"t",\
            "Expiration":"2026-03-02T13:00:00Z","AccountId":"123456789012"}\
            """,
            Map.of("Daypass-Request", FIRST, "Daypass-Grant-Ends", "2026-03-02T13:00:00Z"))
        .on(
            "POST /v1/requests",
            201,
            request(SECOND, state, "x").replace("2026-03-02T12:00:00Z", starts));
    shell.run("aws", "credentials", "prod-readonly");
    shell.run("request", "prod-readonly", "--for", "1h", "--reason", "x");
    shell.run("aws", "credentials", "prod-readonly");
    assertThat(broker.heard(take)).isEqualTo(1 + more);
  }

  @Test
  void whatTheSameRequestOrAnotherRoleGaveStays() {
    var take = "POST /v1/roles/staging-admin/credentials";
    var same = "POST /v1/roles/prod-readonly/credentials";
    var keys =
        """
        {"Version":1,"AccessKeyId":"OLD","SecretAccessKey":"s","SessionToken":"t",\
        "Expiration":"2026-03-02T13:00:00Z","AccountId":"123456789012"}\
        """;
    broker
        .on(take, 200, keys, Map.of("Daypass-Request", FIRST))
        .on(same, 200, keys, Map.of("Daypass-Request", SECOND))
        .on("GET /v1/requests/" + SECOND, 200, request(SECOND, "approved", "x"));
    for (var role : new String[] {"staging-admin", "prod-readonly"}) {
      shell.run("aws", "credentials", role);
    }
    assertThat(shell.run("wait", SECOND).exit()).isZero();
    for (var role : new String[] {"staging-admin", "prod-readonly"}) {
      shell.run("aws", "credentials", role);
    }
    assertThat(broker.heard(take)).isOne();
    assertThat(broker.heard(same)).isOne();
  }

  @ParameterizedTest
  @CsvSource({"staff,alice,1", "staff,bob,0", "partners,alice,0"})
  void whoWaitsOnARequestForgetsKeysOfAnotherOnlyWhereItIsTheirOwn(
      String issuer, String subject, int more) {
    var take = hasKeysOf(FIRST);
    broker
        .on("GET /v1/requests/" + SECOND, 200, request(SECOND, "approved", "x"))
        .on(
            "GET /v1/me",
            200,
            """
            {"issuer":"%s","subject":"%s","kind":"human","groups":[],"auditor":false,\
            "administrator":false}\
            """
                .formatted(issuer, subject));
    assertThat(shell.run("wait", SECOND).exit()).isZero();
    shell.run("aws", "credentials", "prod-readonly");
    assertThat(broker.heard(take)).isEqualTo(1 + more);
  }

  @Test
  void whereTheBrokerDoesNotSayWhoOneIsTheKeysStay() {
    var take = hasKeysOf(FIRST);
    broker
        .on("GET /v1/requests/" + SECOND, 200, request(SECOND, "approved", "x"))
        .refuses("GET /v1/me", 503, "ledger_unavailable", "not now", "later");
    assertThat(shell.run("wait", SECOND).exit()).isZero();
    broker.on("GET /v1/me", 502, "<html>Bad Gateway</html>");
    var ran = shell.run("wait", SECOND);
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).isEqualTo("approved: prod-readonly until 13:00, in 1 hour\n");
    shell.run("aws", "credentials", "prod-readonly");
    assertThat(broker.heard(take)).isOne();
  }

  @Test
  void whoHasNoKeysOfAnotherRequestIsNotLookedUp() {
    hasKeysOf(SECOND);
    broker.on("GET /v1/requests/" + SECOND, 200, request(SECOND, "approved", "x"));
    assertThat(shell.run("wait", SECOND).exit()).isZero();
    assertThat(broker.heard("GET /v1/me")).isZero();
  }

  /** Keys of the role are in the cache; answers the call that they came by. */
  private String hasKeysOf(String request) {
    var take = "POST /v1/roles/prod-readonly/credentials";
    broker.on(
        take,
        200,
        """
        {"Version":1,"AccessKeyId":"OLD","SecretAccessKey":"s","SessionToken":"t",\
        "Expiration":"2026-03-02T13:00:00Z","AccountId":"123456789012"}\
        """,
        Map.of("Daypass-Request", request, "Daypass-Grant-Ends", "2026-03-02T13:00:00Z"));
    shell.run("aws", "credentials", "prod-readonly");
    return take;
  }

  private static String approvedFor(String state, @Nullable String... durations) {
    var yes = new ArrayList<String>();
    for (var duration : durations) {
      yes.add(
          """
          {"approver":{"issuer":"staff","subject":"bob","kind":"human","shown_as":"bob"},\
          "verdict":"approve",%s"at":"2026-03-02T12:00:00Z"}\
          """
              .formatted(duration == null ? "" : "\"duration\":\"" + duration + "\","));
    }
    return request(FIRST, state, "x")
        .replace("\"approvals\":[]", "\"approvals\":[" + String.join(",", yes) + "]");
  }

  private void shows(String request, String table, String card) {
    broker.on("GET /v1/requests", 200, page(request)).on("GET /v1/requests/" + FIRST, 200, request);
    assertThat(shell.run("requests").out()).containsPattern("alice@acme.example +" + table + " ");
    assertThat(shell.run("requests", FIRST).out()).containsPattern("  for +" + card + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"approved", "revoked", "ended", "pending"})
  void aGrantThatWasShortenedIsShownAsLongAsItIs(String state) {
    shows(approvedFor(state, "20m"), "20m", "20 minutes \\(1 hour was asked for\\)");
    shows(
        approvedFor(state, null, "30m", "20m", "40m"),
        "20m",
        "20 minutes \\(1 hour was asked for\\)");
  }

  @Test
  void aGrantThatNobodyShortenedIsAsLongAsWasAskedFor() {
    shows(approvedFor("approved", (String) null), "1h", "1 hour");
    shows(approvedFor("approved", "60m"), "1h", "1 hour");
    shows(approvedFor("approved", "2h"), "1h", "1 hour");
    shows(approvedFor("approved", "soon"), "1h", "1 hour");
    shows(request(FIRST, "approved", "x"), "1h", "1 hour");
  }

  @Test
  void whatEndedIsSaidToHaveLastedAsLongAsItWasAgreedTo() {
    var ended =
        approvedFor("ended", "20m")
            .replaceFirst("\\{", "{\"grant_ends_at\":\"2026-03-02T11:59:30Z\",");
    broker.on("GET /v1/requests/" + FIRST, 200, ended);
    assertThat(shell.run("requests", FIRST).out())
        .startsWith("ended 11:59: prod-readonly for 20 minutes\n");
  }

  @Test
  void whoHasARoleWhoseTokensOutliveTheirGrantIsTold() {
    var after = "{\"after_end\":{\"by\":\"outlives_approval\",\"detail\":\"a token lives on\"},";
    broker.on("POST /v1/requests", 201, request(FIRST, "approved", "x").replaceFirst("\\{", after));
    assertThat(shell.run("request", "prod-readonly", "--for", "1h", "--reason", "x").out())
        .contains("until 13:00, in 1 hour\nat its end: a token lives on\n");
    broker.on(
        "GET /v1/roles/prod-readonly/explain",
        200,
        """
        {"role":"prod-readonly","decision":"granted","approval":[],"trace":[]}\
        """
            .replaceFirst("\\{", after));
    assertThat(shell.run("explain", "prod-readonly").out())
        .isEqualTo("prod-readonly: yes, at once\nat its end: a token lives on\n");
  }

  @Test
  void rolesAreListedWithWhatEachTakes() {
    broker.on(
        "GET /v1/roles",
        200,
        """
        {"roles":[{"name":"prod-admin","description":"Change anything","access":"read_only",\
        "sensitivity":"high","cloud":"aws","max_duration":"2h","rule":"r","automatic":false,\
        "approval":[{"from":"\\"leads\\" in groups","count":1},{"from":"email == 'x'","count":2}],\
        "reason_required":true,"ticket":"OPS-[0-9]+","console":[]}]}\
        """);
    assertThat(shell.run("roles").out())
        .contains(
            "prod-admin  read-only  aws    2h     1 of leads and 2 of whom email == 'x', with a"
                + " reason and a ticket  Change anything\n");
    broker.on("GET /v1/roles", 200, "{\"roles\":[]}");
    assertThat(shell.run("roles").out()).isEqualTo("there is no role that you may have\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-03-02T12:40:00Z|session_policy|ends by itself, at 12:40 at the latest",
        "2026-03-02T12:40:00Z|role_assignment|the last token dies by itself at 12:40",
        "2026-03-02T11:59:59Z|session_policy|under it has ended, the last at 11:59",
        "|session_policy|nothing was handed out under it",
      })
  void whoEndsAGrantIsToldWhatIsStillOut(@Nullable String until, String by, String said) {
    var ended =
        request(FIRST, "revoked", "x")
            .replaceFirst("\\{", "{\"after_end\":{\"by\":\"" + by + "\",\"detail\":\"x\"},");
    broker
        .on("POST /v1/requests/" + FIRST + "/revoke", 200, ended)
        .on(
            "GET /v1/requests/" + FIRST,
            200,
            until == null
                ? ended
                : ended.replaceFirst("\\{", "{\"credentials_live_until\":\"" + until + "\","));
    assertThat(shell.run("revoke", FIRST, "--reason", "an incident").out().lines())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("revoked: no more credentials"),
            second -> assertThat(second).endsWith(said));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "asked||AWS is being told to deny everything to what was handed out; it ends by itself by 12:40",
        "stuck||asked again; it ends by itself by 12:40",
        "applied|,\"effective_after\":\"2026-03-02T12:02:00Z\"|should hold everywhere from 12:02 on",
        "over||what was handed out has ended",
      })
  void whoEndsAGrantIsToldHowFarCuttingItsSessionsIs(
      String state, @Nullable String effective, String said) {
    var ended =
        request(FIRST, "revoked", "x")
            .replaceFirst(
                "\\{",
                "{\"credentials_live_until\":\"2026-03-02T12:40:00Z\",\"sessions_cut\":{\"state\":\""
                    + state
                    + "\",\"asked_at\":\"2026-03-02T12:00:00Z\""
                    + (effective == null ? "" : effective)
                    + ",\"sessions_until\":\"2026-03-02T12:40:00Z\"},");
    broker
        .on("POST /v1/requests/" + FIRST + "/revoke", 200, ended)
        .on("GET /v1/requests/" + FIRST, 200, ended);
    assertThat(shell.run("revoke", FIRST, "--reason", "an incident").out().lines())
        .last(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .endsWith(said);
    assertThat(shell.run("requests", FIRST).out()).containsPattern("cut +.*" + said + "\n");
  }

  @Test
  void aGrantThatIsEndedIsEndedAlsoWhereNobodyCanSayWhatIsStillOut() {
    broker
        .on("POST /v1/requests/" + FIRST + "/return", 200, request(FIRST, "returned", "x"))
        .refuses("GET /v1/requests/" + FIRST, 503, "ledger_unavailable", "not now", "later");
    var ran = shell.run("return", FIRST);
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).endsWith("ends by itself; until when: daypass requests " + FIRST + "\n");
  }

  @Test
  void theStartOfAnIdIsEnoughAndLooksAlikesAreRead() {
    broker
        .on("GET /v1/requests?id=mggg", 200, page(request(FIRST, "pending", "x")))
        .on("POST /v1/requests/" + FIRST + "/approve", 200, request(FIRST, "approved", "x"));
    var ran = shell.run("approve", "MGGG");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .isEqualTo("approved: alice@acme.example has prod-readonly until 13:00, in 1 hour\n");
    assertThat(broker.asked.getLast().body()).isEqualTo("{}");
    shell.run("approve", "ol");
    assertThat(broker.asked.getLast().call()).isEqualTo("GET /v1/requests?id=01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "export", "verify"})
  void itIsEnoughForTheEntriesAboutARequestToo(String command) {
    broker.on("GET /v1/requests?id=mggg", 200, page(request(FIRST, "pending", "x")));
    shell.run("audit", command, "--request", "MG-GG");
    assertThat(broker.asked.getLast().call())
        .startsWith("GET /v1/ledger")
        .contains("request=" + FIRST);
  }

  @Test
  void aStartThatSeveralHaveIsNeverGuessed() {
    broker.on(
        "GET /v1/requests?id=mgg",
        200,
        page(request(FIRST, "pending", "x"), request(SECOND, "pending", "y")));
    var ran = shell.run("deny", "mgg", "--comment", "no");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains(FIRST, SECOND)
        .endsWith(
            """
            daypass: error: more than one request starts with "mgg"
            daypass: hint: type more of the id of the one you mean
            """);
    assertThat(broker.asked).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../me", "a b", "", "mggg7g1xgtgf1xhqq", "%2e", "u"})
  void whatIsNoIdGoesNowhere(String id) {
    var ran = shell.run("cancel", id);
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("is no id of a request", "hint: daypass requests");
    assertThat(broker.asked).isEmpty();
  }

  @Test
  void whatOutlivesAnApprovalIsToldWithUntilWhen() {
    var outliving =
        request(FIRST, "approved", "x")
            .replaceFirst(
                "\\{",
                """
                {"after_end":{"by":"outlives_approval","detail":"it lives on"},\
                "credentials_live_until":"2026-03-02T14:10:00Z",\
                """);
    broker
        .on("GET /v1/requests", 200, page(outliving))
        .on("GET /v1/requests/" + FIRST, 200, outliving);
    assertThat(shell.run("requests", FIRST).out())
        .containsPattern("at end +it lives on\n")
        .containsPattern("alive +handed out until .*\\b14:10\\b");
  }

  @Test
  void w1_a_reason_cannot_command_the_terminal_nor_forge_a_line() {
    var nasty = "ok\\u001b[2K\\u001b]0;title\\u0007\\u202e\\napproved: all is well";
    broker
        .on("GET /v1/requests", 200, page(request(FIRST, "pending", nasty)))
        .on("GET /v1/requests/" + FIRST, 200, request(FIRST, "pending", nasty));
    for (var ran : new Shell.Ran[] {shell.run("requests"), shell.run("requests", FIRST)}) {
      assertThat(ran.out())
          .contains("ok\\x1b[2K\\x1b]0;title\\x07\\u{202e} approved: all is well")
          .doesNotContain("\u001b", "\u0007", "\u202e")
          .doesNotContain("\napproved:");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 60, 80, 100, 200})
  void aTableFitsTheTerminal(int width) {
    broker.on(
        "GET /v1/requests",
        200,
        page(request(FIRST, "pending", "why it takes so long ".repeat(9))));
    var columns = Map.of("COLUMNS", Integer.toString(width));
    var ran = shell.on(new Screen(true, false, columns)).run("requests");
    assertThat(ran.out().lines()).allMatch(line -> Columns.of(line) <= width);
    assertThat(ran.out()).contains(FIRST);
  }

  @Test
  void thatThereAreMoreIsSaidAndAllOfThemAreHad() {
    var more = page(request(FIRST, "pending", "x")).replace("]}", "],\"cursor\":\"c/1\"}");
    broker
        .on("GET /v1/requests?mine=true", 200, more)
        .on("GET /v1/requests?mine=true&cursor=c%2F1", 200, page(request(SECOND, "denied", "y")))
        .on("GET /v1/requests?cursor=c%2F1&mine=true", 200, page(request(SECOND, "denied", "y")));
    var first = shell.run("requests", "--mine");
    assertThat(first.out()).contains(FIRST).doesNotContain(SECOND);
    assertThat(first.err()).isEqualTo("daypass: there are more: daypass requests --all\n");
    assertThat(shell.run("requests", "--mine", "--all").out()).contains(FIRST, SECOND);
    assertThat(shell.run("requests", "--mine", "--json").out()).contains("\"cursor\":\"c/1\"");
  }

  @Test
  void c5_a_lost_answer_is_asked_for_again_under_the_same_mark() {
    broker.refuses("POST /v1/requests", 503, "ledger_unavailable", "not now", "try again");
    broker.then("POST /v1/requests", 200, request(FIRST, "pending", "x"));
    var ran = shell.run("request", "prod-readonly", "--for", "1h", "--reason", "x");
    assertThat(ran.exit()).isEqualTo(3);
    assertThat(broker.asked).hasSize(2);
    var marks = broker.asked.stream().map(FakeBroker.Asked::mark).distinct().toList();
    assertThat(marks).hasSize(1).allMatch(mark -> mark.matches("[0-9a-f]{32}"));
  }

  @Test
  void whatTheDirectionsSayIsPrintedForAPendingRequest() {
    broker.on("POST /v1/requests", 201, request(FIRST, "pending", "x"));
    var ran = shell.run("request", "prod-readonly", "--for", "60m", "--reason", "x", "--no-wait");
    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.out())
        .isEqualTo(
            """
            prod-readonly for 1 hour waits for approval by 1 of leads
            it lapses undecided at Tue 3 Mar 11:59, in 23 hours 59 minutes
            rule: engineers, with a lead
            request: mggg7g1xgtgf1xhq  https://daypass.example.com/r/mggg7g1xgtgf1xhq
            """);
    assertThat(ran.err())
        .isEqualTo(
            "daypass: it waits for people; see it through with: daypass wait mggg7g1xgtgf1xhq\n");
    assertThat(broker.asked.getFirst().body())
        .contains("\"duration\":\"1h\"", "\"role\":\"prod-readonly\"")
        .doesNotContain("ticket", "starts_at");
  }

  @Test
  void waitingEndsWithTheDecision() {
    broker.on("POST /v1/requests", 201, request(FIRST, "pending", "x"));
    broker.on("GET /v1/requests/" + FIRST, 200, request(FIRST, "pending", "x"));
    broker.then("GET /v1/requests/" + FIRST, 200, request(FIRST, "approved", "x"));
    var ran = shell.run("request", "prod-readonly", "--for", "1h", "--reason", "x", "--wait");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).isEqualTo("approved: prod-readonly until 13:00, in 1 hour\n");
    assertThat(ran.err()).contains("waiting for 1 of leads\n", FIRST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tomorrow", "0h", "-1h", "1w"})
  void aDurationIsLookedAtBeforeItGoesAnywhere(String duration) {
    var ran = shell.run("request", "prod-readonly", "--for=" + duration, "--reason", "x");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("is no duration", "hint: write it as 30m, 8h or 1h30m");
    assertThat(broker.asked).isEmpty();
  }

  @Test
  void aStartIsReadByTheClockOnTheWall() {
    broker.on("POST /v1/requests", 201, request(FIRST, "pending", "x"));
    shell.run("request", "r", "--for", "1h", "--starts-at", "2027-01-31T08:00");
    assertThat(broker.asked.getLast().body()).contains("\"starts_at\":\"2027-01-31T08:00:00Z\"");
    shell.run("request", "r", "--for", "1h", "--starts-at", "2027-01-31T08:00+01:00");
    assertThat(broker.asked.getLast().body()).contains("\"starts_at\":\"2027-01-31T07:00:00Z\"");
    assertThat(shell.run("request", "r", "--for", "1h", "--starts-at", "soon").exit()).isEqualTo(2);
  }
}
