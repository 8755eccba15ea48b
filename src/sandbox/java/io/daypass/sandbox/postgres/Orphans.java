package io.daypass.sandbox.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a sandbox that was killed left running. */
public final class Orphans {

  private Orphans() {}

  /**
   * Stops the Postgres that still runs on {@code data} although its sandbox is gone; does nothing
   * if there is none. Whoever calls this holds the lock on the data.
   */
  public static void stopPostmaster(Path data) throws IOException {
    var postmaster = postmaster(data);
    if (postmaster.isPresent()) {
      stop(postmaster.get());
    }
    Files.deleteIfExists(data.resolve("postmaster.pid"));
  }

  /** The Postgres that runs on {@code data}. */
  static Optional<ProcessHandle> postmaster(Path data) throws IOException {
    var file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var lines = Files.readAllLines(file);
    // After a kill -9 the number may long be another program's: only a postgres is meant.
    return lines.isEmpty()
        ? Optional.empty()
        : process(lines.getFirst())
            .filter(p -> runs(p, "postgres") && runs(p, data.toAbsolutePath().toString()));
  }

  /** Asks {@code process} to stop, and makes it stop if it will not. */
  public static void stop(ProcessHandle process) throws IOException {
    process.destroy();
    if (!ended(process)) {
      process.destroyForcibly();
      if (!ended(process)) {
        throw new IOException("process " + process.pid() + " does not stop");
      }
    }
  }

  /** The live process {@code pid} names. */
  public static Optional<ProcessHandle> process(String pid) {
    try {
      return ProcessHandle.of(Long.parseLong(pid.strip())).filter(ProcessHandle::isAlive);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether the command line of {@code process} has {@code word} in it. */
  public static boolean runs(ProcessHandle process, String word) {
    return commandLine(process).contains(word);
  }

  private static String commandLine(ProcessHandle process) {
    try {
      // Java cuts long command lines, and with them the part that matters.
      return Files.readString(
          Path.of("/proc", String.valueOf(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      var info = process.info();
      return info.commandLine().or(info::command).orElse("");
    }
  }

  private static boolean ended(ProcessHandle process) {
    try {
      process.onExit().get(10, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
