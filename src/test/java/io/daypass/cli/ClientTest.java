package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.client.BrokerUrl;
import io.daypass.cli.client.Config;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all commands of the client have in common, seen at the smallest of them. */
class ClientTest {

  private static final String ALICE =
      """
      {"issuer":"staff","subject":"alice","kind":"human","email":"alice@acme.example",\
      "groups":["engineering"],"auditor":false,"administrator":false,"newer":"member"}\
      """;

  private static final String UNSET =
      "daypass: hint: unset DAYPASS_URL, or set it to your broker's address\n";

  @TempDir private Path home;
  private FakeBroker broker;
  private Shell shell;

  @BeforeEach
  void start() {
    broker = new FakeBroker().on("GET /v1/me", 200, ALICE);
    shell = new Shell(home).with("DAYPASS_URL", broker.url()).with("DAYPASS_TOKEN", "a.b.c");
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void whoamiSaysWhomTheBrokerSees() {
    var ran = shell.run("whoami");
    assertThat(ran.out()).isEqualTo("alice@acme.example (staff alice)\ngroups: engineering\n");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
    assertThat(broker.asked.getFirst().authorization()).isEqualTo("Bearer a.b.c");
  }

  @Test
  void forProgramsTheAnswerComesAsTheBrokerGaveIt() {
    assertThat(shell.run("whoami", "--json").out()).isEqualTo(ALICE + "\n");
  }

  @Test
  void aTokenFileIsReadAtEachCallWithoutItsLineBreak() throws IOException {
    var file = Files.writeString(home.resolve("token"), "x.y.z\n");
    shell.with("DAYPASS_TOKEN", " ").with("DAYPASS_TOKEN_FILE", file.toString());
    assertThat(shell.run("whoami").exit()).isZero();
    assertThat(broker.asked.getFirst().authorization()).isEqualTo("Bearer x.y.z");
  }

  @Test
  void whatIsNoTokenGoesNowhere() {
    var ran = shell.with("DAYPASS_TOKEN", "two words").run("whoami");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(
            """
            daypass: error: what is given as the token is none
            daypass: hint: unset DAYPASS_TOKEN, or set it to a new token
            """);
    assertThat(broker.asked).isEmpty();
  }

  @Test
  void aRefusalIsAnErrorAndAHint() {
    broker.refuses("GET /v1/me", 401, "token_expired", "The token has expired.", "get a new one");
    var ran = shell.run("whoami");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .isEqualTo(
            """
            daypass: error: the token has expired
            daypass: hint: unset DAYPASS_TOKEN, or set it to a new token
            """);
  }

  @Test
  void whatABrokerSaysCannotCommandTheTerminal() {
    broker.refuses("GET /v1/me", 403, "no", "red \\u001b[31m\\u202e\\n text", "n\\u0007");
    assertThat(shell.run("whoami").err())
        .isEqualTo("daypass: error: red  [31m   text\ndaypass: hint: n \n");
  }

  @Test
  void d9_theTokenIsNotCarriedToWhereARedirectPoints() {
    try (var other = new FakeBroker().on("GET /v1/me", 200, ALICE)) {
      broker.on("GET /v1/me", 302, "", Map.of("Location", other.url() + "/v1/me"));
      var ran = shell.run("whoami");
      assertThat(ran.exit()).isEqualTo(1);
      assertThat(ran.err()).contains("what answered (302) is no daypass broker");
      assertThat(other.asked).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://daypass.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "https://user@daypass.example.com",
        "https://daypass.example.com/path",
        "ftp://localhost",
        "daypass"
      })
  void d9_aTokenGoesNowhereInClearText(String url) {
    var ran = shell.with("DAYPASS_URL", url).run("whoami");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .contains("DAYPASS_URL is not a broker's url", UNSET)
        .doesNotContain("daypass login");
  }

  @Test
  void whoIsSignedOutIsToldHowToSignIn() {
    var ran = new Shell(home).with("DAYPASS_URL", broker.url()).run("whoami");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo("daypass: error: you are signed out\ndaypass: hint: daypass login\n");
  }

  @Test
  void aBrokerThatIsDownIsNamed() {
    var url = broker.url();
    broker.close();
    var ran = shell.run("whoami");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .startsWith("daypass: error: the broker at " + url + " cannot be reached: nothing answers");
  }

  @ParameterizedTest
  @CsvSource({"404,<html>", "200,<html>", "500,<html>", "404,{}"})
  void whereAnotherServerAnswersTheAddressIsToBeMendedWhereItStands(int status, String body) {
    broker.on("GET /v1/me", status, body);
    assertThat(shell.run("whoami").err()).contains("no").endsWith(UNSET);
    new Config(shell.local()).keep(new BrokerUrl(broker.url()));
    assertThat(shell.with("DAYPASS_URL", "").run("whoami").err())
        .endsWith("daypass: hint: daypass login https://daypass.example.com\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void aBrokerThatItsProxyCannotReachIsAwayForAMoment(int status) {
    for (var body : List.of("<html>Bad Gateway</html>", "", "{\"message\":\"no upstream\"}")) {
      for (var call : List.of("GET /v1/me", "GET /.well-known/daypass")) {
        broker.on(call, status, body);
      }
      for (var command : List.of("whoami", "login")) {
        var ran = shell.run(command);
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err())
            .isEqualTo(
                """
                daypass: error: the broker at %s cannot be reached: a proxy before it answered %d
                daypass: hint: try again in a moment
                """
                    .formatted(broker.url(), status));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void whatABrokerSaysOfItselfIsNoProxys(int status) {
    broker.refuses("GET /v1/me", status, "ledger_unavailable", "Not now.", "look at the ledger");
    assertThat(shell.run("whoami").err())
        .isEqualTo("daypass: error: not now\ndaypass: hint: look at the ledger\n");
  }

  @Test
  void whatIsNoCommandIsCalledSo() {
    var ran = shell.run("reqeust", "prod-readonly");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err())
        .isEqualTo(
            "daypass: error: there is no command \"reqeust\"\ndaypass: hint: see daypass --help\n");
  }

  @ParameterizedTest
  @CsvSource({
    "daypass.example.org,https://daypass.example.org",
    "localhost:8080,http://localhost:8080",
    "http://daypass.example.org,https://daypass.example.com",
    "what?,https://daypass.example.com",
  })
  void aBrokerWithoutItsSchemeIsHintedAtWithIt(String typed, String meant) {
    var ran = shell.run("login", typed);
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err())
        .contains("no broker's url", "daypass: hint: daypass login " + meant + "\n");
  }

  @Test
  void howLongToWaitIsSaid() {
    broker.on(
        "GET /v1/me",
        429,
        """
        {"code":"too_many_requests","detail":"You come too often.","next":"Wait, then try again."}\
        """,
        Map.of("Retry-After", "7"));
    assertThat(shell.run("whoami").err()).contains("hint: wait 7 seconds, then try again");
  }

  @Test
  void outputThatCannotBeWrittenIsAFailure() {
    broker.on("GET /v1/roles", 200, "{\"roles\":[]}");
    var full =
        new Writer() {
          @Override
          public void write(char[] text, int from, int count) throws IOException {
            throw new IOException("no space left");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    var ran = shell.run(new PrintWriter(full), "roles", "--json");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).startsWith("daypass: error: not all of the output could be written\n");
  }
}
