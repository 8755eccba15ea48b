package io.daypass;

import io.daypass.app.BrokerOperator;
import io.daypass.cli.Terminal;
import io.daypass.cli.Tools;
import io.daypass.cli.client.Local;
import io.daypass.cli.credential.Quick;
import io.daypass.cli.screen.Screen;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;

/** Where it starts: {@code serve}, or a client command. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    if (Quick.serves(args)) {
      // Nothing else is loaded for these, and nothing waits for the end of the process; exit()
      // would look for a logger through all libraries, which takes longer than all the rest.
      Runtime.getRuntime().halt(Quick.run(args, here(System.getenv()), out, err));
    }
    var tools = Tools.of(Screen.ofProcess(System.getenv()), ZoneId.systemDefault());
    System.exit(
        new Terminal(new BrokerOperator(System.getenv()), here(System.getenv()), tools)
            .run(args, out, err));
  }

  static Local here(Map<String, String> environment) {
    // As shells and SDKs do, and not the home of the user's name.
    var home = environment.getOrDefault("HOME", "");
    return new Local(
        environment,
        Path.of(home.startsWith("/") ? home : System.getProperty("user.home")),
        InstantSource.system());
  }
}
