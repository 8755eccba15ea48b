package io.daypass.sandbox.demo;

import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Prints the steps as they are taken, and stops at the first that does not hold. */
final class Script {

  private final PrintStream out;
  private int steps;
  private String step = "before the first step";

  Script(PrintStream out) {
    this.out = out;
  }

  void step(String title) {
    steps++;
    step = "step " + steps + ", " + title;
    out.println();
    out.println(steps + ". " + title);
  }

  /** Shows a call and its status. */
  void shows(Asked asked) {
    out.println("   " + asked);
  }

  void shows(String name, Object value) {
    out.println("     " + name + ": " + value);
  }

  void says(String line) {
    out.println("   " + line);
  }

  void must(boolean holds, String what) throws Broken {
    if (!holds) {
      throw new Broken(step, what + " does not hold");
    }
    out.println("     [ok] " + what);
  }

  void answered(Asked asked, int status) throws Broken {
    shows(asked);
    if (asked.status() != status) {
      // A problem holds no secret, and its code says most.
      throw new Broken(
          step, asked + ", expected " + status + " (code: " + asked.text("code") + ")");
    }
  }

  void refused(Asked asked, int status, String code) throws Broken {
    answered(asked, status);
    shows("code", asked.text("code"));
    shows("detail", asked.text("detail"));
    if (!asked.text("code").equals(code)) {
      throw new Broken(step, "refused with " + asked.text("code") + ", expected " + code);
    }
    out.println("     [ok] refused");
  }

  Instant instant(Asked asked, String member) throws Broken {
    return parse(asked.text(member))
        .orElseThrow(() -> new Broken(step, asked + ": no instant in " + member));
  }

  Broken broken(String why) {
    return new Broken(step, why);
  }

  int steps() {
    return steps;
  }

  private static Optional<Instant> parse(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
