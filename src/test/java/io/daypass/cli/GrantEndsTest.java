package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a grant is said to last, and what its end leaves behind. */
class GrantEndsTest extends RequestsFixture {

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
}
