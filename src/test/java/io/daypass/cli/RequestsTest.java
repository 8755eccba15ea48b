package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.screen.Columns;
import io.daypass.cli.screen.Screen;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asking, deciding, and finding a request from a shell. */
class RequestsTest extends RequestsFixture {

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
