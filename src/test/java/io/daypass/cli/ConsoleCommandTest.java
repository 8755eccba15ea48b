package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code daypass console} where there is no link. */
class ConsoleCommandTest {

  private static final String CONSOLE = "POST /v1/roles/prod-readonly/console";

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

  @Test
  void aConsoleThatWaitsForPeopleSaysWhere() {
    broker.on(
        CONSOLE,
        202,
        """
        {"code":"authorization_pending","request_id":"r1","request_url":"https://d.example/r1",\
        "interval":5,"detail":"d","next":"n"}\
        """);
    var ran = shell.run("console", "prod-readonly", "--print");
    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .isEqualTo(
            """
            daypass: error: prod-readonly is not approved yet; people decide at https://d.example/r1
            daypass: hint: daypass wait r1
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"logs\",\"ec2\"|the console of prod-readonly leads to logs, ec2"
            + "|daypass console prod-readonly --destination logs",
        "``|prod-readonly has no console|daypass roles",
      })
  void whereAConsoleLeadsIsSaid(String places, String error, String hint) {
    broker.refuses(CONSOLE, 422, "no_such_destination", "Not there.", "Look.");
    broker.on(
        "GET /v1/roles",
        200,
        "{\"roles\":[{\"name\":\"prod-readonly\",\"console\":["
            + places
            + "]},{\"name\":\"other\",\"console\":[\"s3\"]}]}");
    assertThat(shell.run("console", "prod-readonly", "--destination", "s3").err())
        .isEqualTo("daypass: error: " + error + "\ndaypass: hint: " + hint + "\n");
  }
}
