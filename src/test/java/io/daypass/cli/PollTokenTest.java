package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pipeline whose token opens one request, which people must approve first. */
class PollTokenTest {

  private static final String CALL = "POST /v1/roles/ci-release/credentials";
  private static final String PENDING =
      """
      {"code":"authorization_pending","request_id":"r1","request_url":"https://d.example/r1"%s}\
      """;

  @TempDir private Path home;
  private FakeBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker = new FakeBroker().on(CALL, 202, PENDING.formatted(",\"poll_token\":\"dpp_1\""));
    shell = new Shell(home).with("DAYPASS_URL", broker.url()).with("DAYPASS_TOKEN", "a.b.c");
    assertThat(take("ci-release").exit()).isEqualTo(3);
    assertThat(shown()).isEqualTo("Bearer a.b.c");
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private Shell.Ran take(String role) {
    return shell.run("aws", "credentials", role);
  }

  /** What the last call came with. */
  private String shown() {
    return broker.asked.getLast().authorization();
  }

  private void approves() {
    broker.on(
        CALL,
        200,
        """
        {"Version":1,"AccessKeyId":"ONE","SecretAccessKey":"s","SessionToken":"t",\
        "Expiration":"2026-03-02T13:00:00Z"}\
        """,
        Map.of("Daypass-Request", "r1"));
  }

  @Test
  void itComesAgainWithThePollTokenAsOftenAsItNeeds() {
    broker.on(CALL, 202, PENDING.formatted(""));
    assertThat(take("ci-release").exit()).isEqualTo(3);
    assertThat(shown()).isEqualTo("Bearer dpp_1");
    approves();
    assertThat(take("ci-release").out()).contains("\"ONE\"");
    assertThat(shown()).isEqualTo("Bearer dpp_1");
    assertThat(shell.run("env", "ci-release").out()).contains("AWS_ACCESS_KEY_ID='ONE'");
    assertThat(shown()).isEqualTo("Bearer dpp_1");
  }

  @Test
  void whatAnotherCommandWaitsForIsKeptToo() throws IOException {
    broker.on(
        "POST /v1/roles/other/credentials", 202, PENDING.formatted(",\"poll_token\":\"dpp_2\""));
    assertThat(shell.run("env", "other").exit()).isEqualTo(3);
    take("other");
    assertThat(shown()).isEqualTo("Bearer dpp_2");
    assertThat(kept()).hasSize(2);
  }

  @Test
  void itIsNobodyElses() {
    try (var other = new FakeBroker()) {
      shell.with("DAYPASS_URL", other.url());
      take("ci-release");
      assertThat(other.asked.getLast().authorization()).isEqualTo("Bearer a.b.c");
    }
    shell.with("DAYPASS_URL", broker.url());
    take("ci-deploy");
    assertThat(shown()).isEqualTo("Bearer a.b.c");
    shell.with("DAYPASS_TOKEN", "d.e.f");
    take("ci-release");
    assertThat(shown()).isEqualTo("Bearer d.e.f");
  }

  @Test
  void itIsKeptInAPrivateFileAndSaidNowhere() throws IOException {
    assertThat(kept()).hasSize(1);
    var file = kept().getFirst();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling(""))))
        .isEqualTo("rwx------");
    assertThat(take("ci-release").err()).doesNotContain("dpp_");
  }

  @Test
  void oneThatOthersCouldHaveWrittenIsNotShown() throws IOException {
    var file = kept().getFirst();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    var ran = take("ci-release");
    assertThat(shown()).isEqualTo("Bearer a.b.c");
    assertThat(ran.err()).contains("cannot be carried on", "chmod 600 " + file);
  }

  @ParameterizedTest
  @CsvSource({
    "401,poll_token_unknown",
    "403,request_denied",
    "403,request_cancelled",
    "403,request_lapsed",
    "403,grant_ended",
    "403,grant_revoked",
    "403,grant_returned"
  })
  void oneWhoseRequestIsOverIsForgotten(int status, String code) throws IOException {
    broker.refuses(CALL, status, code, "no", "ask");
    assertThat(take("ci-release").exit()).isEqualTo(1);
    assertThat(shown()).isEqualTo("Bearer dpp_1");
    assertThat(kept()).isEmpty();
    take("ci-release");
    assertThat(shown()).isEqualTo("Bearer a.b.c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"slow_down", "stopped", "grant_not_started", "token_already_used"})
  void anotherNoDoesNotEndTheWaiting(String code) {
    broker.refuses(CALL, 403, code, "no", "ask");
    take("ci-release");
    approves();
    assertThat(take("ci-release").out()).contains("\"ONE\"");
    assertThat(shown()).isEqualTo("Bearer dpp_1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "a\\nb=c", ""})
  void whatCannotBeATokenIsNotKept(String token) {
    broker.on(
        "POST /v1/roles/r/credentials",
        202,
        PENDING.formatted(",\"poll_token\":\"" + token + "\""));
    take("r");
    take("r");
    assertThat(shown()).isEqualTo("Bearer a.b.c");
  }

  private List<Path> kept() throws IOException {
    try (var files = Files.list(home.resolve(".config/daypass/waiting"))) {
      return files.toList();
    }
  }
}
