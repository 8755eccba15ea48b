package io.daypass.sandbox.bench;

import java.io.PrintStream;

/** Rows of what was measured, printed as they come. */
final class Table {

  private final PrintStream out;

  Table(PrintStream out) {
    this.out = out;
  }

  void title(String text) {
    out.println();
    out.println(text);
    out.println("-".repeat(text.length()));
  }

  void row(String what, String value) {
    out.printf("%-58s %s%n", what, value);
    out.flush();
  }
}
