package io.daypass;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * What a test needs of the machine: programs of others, above all. Where it is missing the test is
 * left out, and {@code make test} says so at its end; with {@code DAYPASS_TESTS=all} a missing tool
 * is a failure.
 */
public final class Needs {

  private static final Path LEFT_OUT = Path.of("target", "left-out");

  private Needs() {}

  /** Whether a program is found by PATH. */
  public static boolean isInstalled(String program) {
    var path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** The test needs these programs. */
  public static void programs(String... programs) {
    for (var program : programs) {
      tool(isInstalled(program), program);
    }
  }

  /** The test needs {@code what}, such as a library of Python's. */
  public static void tool(boolean isThere, String what) {
    if (!has(isThere, what)) {
      abort("no " + what + " on this machine");
    }
  }

  /** Whether {@code what} is there for a part of a test, which is else left out alone. */
  public static boolean has(boolean isThere, String what) {
    return has(isThere, what, "all".equals(System.getenv("DAYPASS_TESTS")), LEFT_OUT);
  }

  static boolean has(boolean isThere, String what, boolean all, Path leftOut) {
    if (!isThere && all) {
      throw new AssertionError("no " + what + " on this machine, and DAYPASS_TESTS=all wants it");
    }
    if (!isThere) {
      write(leftOut, "no " + what + " on this machine");
    }
    return isThere;
  }

  /** The test can show something only on a machine of another kind: that is never demanded. */
  public static void circumstance(boolean holds, String otherwise) {
    if (!holds) {
      write(LEFT_OUT, otherwise);
      abort(otherwise);
    }
  }

  // A file for each JVM: several run at once.
  private static void write(Path leftOut, String why) {
    try {
      Files.createDirectories(leftOut);
      Files.writeString(
          leftOut.resolve(String.valueOf(ProcessHandle.current().pid())),
          why + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
