package io.daypass;

import io.daypass.app.BrokerOperator;
import io.daypass.cli.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** Where it starts: {@code serve}, or a client command. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    var code =
        new Terminal(new BrokerOperator(System.getenv()), InstantSource.system())
            .run(args, out, err);
    System.exit(code);
  }
}
