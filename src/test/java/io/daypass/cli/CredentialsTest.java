package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code daypass aws credentials} as SDKs run it, against answers of a broker. */
class CredentialsTest extends CredentialsFixture {

  @Test
  void d8_itPrintsTheContractsJsonAndNothingElse() {
    var ran = take();
    assertThat(ran.out())
        .isEqualTo(
            """
            {"Version":1,"AccessKeyId":"ONE","SecretAccessKey":"s/+=","SessionToken":"t",\
            "Expiration":"2026-03-02T13:00:00Z","AccountId":"123456789012"}
            """);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
  }

  @Test
  void whoIsNotApprovedIsToldHowToAskAndWhereItStandsWhatItTakes() {
    broker.refuses(CALL, 403, "approval_required", "you have no approved request", "make one");
    var ran = take();
    assertThat(ran.err())
        .isEqualTo(
            "daypass: error: prod-readonly is not approved for you; what it takes: "
                + broker.url()
                + "/roles/prod-readonly; hint: daypass request"
                + " prod-readonly --for 1h --reason \"...\"\n");
    assertThat(ran.exit()).isEqualTo(1);
  }

  @Test
  void whoWaitsForPeopleIsToldWhere() {
    broker.on(
        CALL,
        202,
        """
        {"code":"authorization_pending","request_id":"r1","request_url":"https://d.example/r1"}\
        """);
    var ran = take();
    assertThat(ran.err())
        .isEqualTo(
            "daypass: error: prod-readonly is not approved yet; people decide at"
                + " https://d.example/r1; hint: daypass wait r1\n");
    assertThat(ran.exit()).isEqualTo(3);
  }

  @Test
  void anotherCloudsCredentialIsNotPrinted() {
    broker.on(CALL, 200, "{\"access_token\":\"x\",\"expires_at\":\"2026-03-02T13:00:00Z\"}");
    var ran = take();
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("prod-readonly is not a role of AWS");
  }

  @ParameterizedTest
  @CsvSource({"azure,,Azure", "gcp,https://storage.azure.com/.default,Google Cloud"})
  void aTokenOfAnotherCloudIsNotPrinted(String cloud, @Nullable String scope, String wanted) {
    broker.on(
        CALL,
        200,
        "{\"access_token\":\"hush\",\"expires_at\":\"2026-03-02T13:00:00Z\""
            + (scope == null ? "}" : ",\"scope\":\"" + scope + "\"}"));
    var ran = shell.run(cloud, "token", "prod-readonly");
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("prod-readonly is not a role of " + wanted);
    assertThat(ran.exit()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "{\"Version\":1}", "<html>"})
  void whatIsNoCredentialIsNotPrinted(String body) {
    broker.on(CALL, 200, body);
    assertThat(take().out()).isEmpty();
    assertThat(take().exit()).isEqualTo(1);
  }

  @Test
  void ofManyAtOnceOneAsks() throws Exception {
    var calls = new ArrayList<Callable<Shell.Ran>>();
    for (var i = 0; i < 20; i++) {
      calls.add(this::take);
    }
    try (var threads = Executors.newFixedThreadPool(20)) {
      for (var ran : threads.invokeAll(calls)) {
        assertThat(ran.get().out()).contains("\"ONE\"");
      }
    }
    assertThat(broker.asked).hasSize(1);
  }

  @Test
  void ofManyAtOnceOneIsRefusedAndTheOthersHearOfIt() throws Exception {
    shell.at(InstantSource.system());
    broker.refuses(CALL, 403, "approval_required", "no", "ask");
    var calls = new ArrayList<Callable<Shell.Ran>>();
    for (var i = 0; i < 20; i++) {
      calls.add(this::take);
    }
    try (var threads = Executors.newFixedThreadPool(20)) {
      for (var ran : threads.invokeAll(calls)) {
        assertThat(ran.get().err()).contains("is not approved for you", "daypass request");
      }
    }
    assertThat(broker.asked).hasSizeLessThan(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "a/b", ".x", "-x", "", "x y", "x%2fy"})
  void whatIsNoNameOfARoleGoesNowhere(String role) {
    var ran = shell.run("aws", "credentials", role);
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(broker.asked).isEmpty();
  }
}
