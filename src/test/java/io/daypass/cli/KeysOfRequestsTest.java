package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in the cache that were given for one request, when that ends or another comes. */
class KeysOfRequestsTest extends RequestsFixture {

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
}
