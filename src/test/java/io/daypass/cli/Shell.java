package io.daypass.cli;

import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Screen;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** A person's shell: commands typed into it run in this JVM, with a home folder of their own. */
final class Shell {

  private final Path home;
  private final Map<String, String> environment = new HashMap<>();
  private volatile StringWriter saying = new StringWriter();
  private InstantSource clock = InstantSource.fixed(Instant.parse("2026-03-02T12:00:00Z"));

  private Screen screen = Screen.none();

  Shell(Path home) {
    this.home = home;
  }

  /** What the command that runs has said on stderr so far. */
  String saying() {
    return saying.toString();
  }

  /** What a command came to. */
  record Ran(int exit, String out, String err) {}

  Shell with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Shell at(InstantSource time) {
    this.clock = time;
    return this;
  }

  /** From now on, the output goes there. */
  Shell on(Screen to) {
    this.screen = to;
    return this;
  }

  Local local() {
    return new Local(environment, home, clock);
  }

  Ran run(String... words) {
    var out = new StringWriter();
    var ran = run(new PrintWriter(out), words);
    return new Ran(ran.exit(), out.toString(), ran.err());
  }

  /** The same with its output going to {@code out}. */
  Ran run(PrintWriter out, String... words) {
    var err = new StringWriter();
    saying = err;
    var exit =
        new Terminal(Operator.nobody(), local(), Tools.of(screen, ZoneOffset.UTC))
            .run(words, out, new PrintWriter(err));
    return new Ran(exit, "", err.toString());
  }
}
