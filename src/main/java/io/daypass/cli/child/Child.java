package io.daypass.cli.child;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Runs a command in our place: its input and output are ours, the signals that we get are its, and
 * its exit code becomes ours.
 */
public final class Child {

  private static final int CANNOT_RUN = 126;
  private static final int NOT_FOUND = 127;
  private static final Pattern NO_SUCH_FILE = Pattern.compile("error(=|: )2\\b");

  private Child() {}

  /** How it went. */
  public sealed interface End {

    /**
     * It ran.
     *
     * @param code its exit code; 128 and the signal's number if a signal ended it
     */
    record Exited(int code) implements End {}

    /**
     * It never ran.
     *
     * @param code what a shell answers then: 127 if there is no such command, else 126
     */
    record NotStarted(int code, String why) implements End {}
  }

  /** Runs {@code command} with exactly this {@code environment} and waits for its end. */
  public static End run(List<String> command, Map<String, String> environment) {
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().clear();
    builder.environment().putAll(environment);
    // Signals are ours to pass on before there is anybody to have them: none is lost.
    var started = new CompletableFuture<Process>();
    pass(started);
    try {
      var process = builder.start();
      started.complete(process);
      return new End.Exited(await(process));
    } catch (IOException e) {
      return notStarted(String.valueOf(e.getMessage()));
    }
  }

  private static void pass(CompletableFuture<Process> started) {
    Signals.on(
        "INT",
        () -> {
          // A terminal has told the command already, and twice means "at once" to some.
          if (!started.isDone() || !isInForeground()) {
            passOn(started, "INT");
          }
        });
    Signals.on("TERM", () -> passOn(started, "TERM"));
    Signals.on("HUP", () -> passOn(started, "HUP"));
  }

  private static void passOn(CompletableFuture<Process> started, String signal) {
    var _ = started.thenAccept(process -> kill(process, signal));
  }

  private static void kill(Process process, String signal) {
    try {
      if (signal.equals("TERM")) {
        process.destroy();
      } else if (process.isAlive()) {
        // The JDK itself sends nothing but TERM and KILL.
        new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
      }
    } catch (IOException _) {
      process.destroy();
    }
  }

  /**
   * Whether we are what the terminal's keys speak to: our process group is the terminal's (proc(5),
   * {@code /proc/pid/stat}; elsewhere ps says the same).
   */
  private static boolean isInForeground() {
    try {
      var stat = Files.readString(Path.of("/proc/self/stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields[2].equals(fields[5]);
    } catch (IOException | IndexOutOfBoundsException _) {
      return isInForegroundAsPsSays();
    }
  }

  private static boolean isInForegroundAsPsSays() {
    var pid = Long.toString(ProcessHandle.current().pid());
    try {
      var ps = new ProcessBuilder("ps", "-o", "pgid=,tpgid=", "-p", pid).start();
      var groups = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      var fields = groups.strip().split("\\s+", -1);
      return fields.length == 2 && fields[0].equals(fields[1]);
    } catch (IOException _) {
      return false;
    }
  }

  private static int await(Process process) {
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException _) {
        // Nobody here interrupts; and without its end there is no exit code.
      }
    }
  }

  private static End notStarted(String message) {
    // The JDK says why with the number of errno(3): 2 is no such file.
    return NO_SUCH_FILE.matcher(message).find()
        ? new End.NotStarted(NOT_FOUND, "there is no such command")
        : new End.NotStarted(CANNOT_RUN, "it cannot be run");
  }
}
