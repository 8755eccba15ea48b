package io.daypass;

import com.sun.net.httpserver.HttpServer;
import io.daypass.app.BrokerOperator;
import io.daypass.cli.Terminal;
import io.daypass.cli.Tools;
import io.daypass.cli.client.BrokerUrl;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.SignIn;
import io.daypass.cli.client.SignIns;
import io.daypass.cli.screen.Screen;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;

/**
 * Goes through the commands once, in front of nobody: what the JVM learns on the way is kept for
 * its next starts (JEP 483, JEP 514). Nothing in here is a broker, a token or a key.
 */
public final class Rehearsal {

  private static final String REFUSAL =
      """
      {"type":"urn:daypass:problem:not_found","title":"Not found","status":404,\
      "code":"not_found","detail":"nothing is here","next":"this is a rehearsal"}\
      """;

  private final Path home;
  private final BrokerUrl url;
  private final PrintWriter nowhere =
      new PrintWriter(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

  private Rehearsal(Path home, BrokerUrl url) {
    this.home = home;
    this.url = url;
  }

  /**
   * Rehearses.
   *
   * @param args the program that rehearses the commands that SDKs run; it is told of the broker
   *     here in its environment
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    var home = Files.createTempDirectory("daypass-rehearsal");
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answers(server, "/", 404, REFUSAL);
    answers(
        server,
        "/v1/roles/rehearsal/credentials",
        200,
        """
        {"Version":1,"AccessKeyId":"rehearsal","SecretAccessKey":"rehearsal",\
        "SessionToken":"rehearsal","Expiration":"%s","AccountId":"000000000000"}\
        """
            .formatted(InstantSource.system().instant().plusSeconds(3600)));
    server.start();
    try {
      var url = BrokerUrl.parse("http://127.0.0.1:" + server.getAddress().getPort()).orElseThrow();
      var rehearsal = new Rehearsal(home, url);
      rehearsal.run();
      rehearsal.aside(args);
    } finally {
      server.stop(0);
      try (var files = Files.walk(home)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void run() {
    var signedIn =
        new SignIn(
            url,
            "rehearsal",
            url.text(),
            "rehearsal",
            url.text() + "/token",
            null,
            "r.r.r",
            InstantSource.system().instant().plusSeconds(3600),
            null);
    var _ = new SignIns(local()).keep(signedIn);
    for (var command : new String[] {"--help", "whoami", "aws credentials nothing"}) {
      var _ =
          new Terminal(
                  new BrokerOperator(Map.of()), local(), Tools.of(Screen.none(), ZoneOffset.UTC))
              .run(command.split(" ", -1), nowhere, nowhere);
    }
  }

  private void aside(String[] program) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(program).inheritIO();
    builder.environment().clear();
    builder.environment().putAll(local().environment());
    builder.environment().put("HOME", home.toString());
    var exit = builder.start().waitFor();
    if (exit != 0) {
      throw new IOException("the rehearsal aside ended with " + exit);
    }
  }

  private Local local() {
    return new Local(Map.of("DAYPASS_URL", url.text()), home, InstantSource.system());
  }

  private static void answers(HttpServer server, String path, int status, String text) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            var body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Daypass-Grant-Ends", Instant.EPOCH.toString());
            exchange.getResponseHeaders().set("Daypass-Request", "rehearsal");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }
}
