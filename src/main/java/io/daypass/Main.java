package io.daypass;

import io.daypass.app.BrokerOperator;
import io.daypass.cli.Terminal;
import io.daypass.cli.Tools;
import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Screen;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;

/** Where it starts: {@code serve}, or a client command. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    var tools = Tools.of(Screen.ofProcess(System.getenv()), ZoneId.systemDefault());
    var code = new Terminal(new BrokerOperator(System.getenv()), here(), tools).run(args, out, err);
    System.exit(code);
  }

  private static Local here() {
    return new Local(
        System.getenv(),
        Path.of(System.getenv().getOrDefault("HOME", System.getProperty("user.home"))),
        InstantSource.system());
  }
}
