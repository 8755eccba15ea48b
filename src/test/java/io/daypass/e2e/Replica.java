package io.daypass.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The real service as a process of its own, without any class of the tests on its class path. */
final class Replica implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path settings;
  private final Path log;
  private final Api api;
  private Process process;

  private Replica(Path settings, Path log, String url) throws IOException {
    this.settings = settings;
    this.log = log;
    this.api = new Api(url);
    this.process = launch("serve", "--config", settings.toString());
  }

  /** Starts a broker that listens at {@code url}; does not wait for it. */
  static Replica start(Path settings, Path log, String url) throws IOException {
    var replica = new Replica(settings, log, url);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> replica.process.destroyForcibly()));
    return replica;
  }

  private Process launch(String... arguments) throws IOException {
    return ServiceJar.command(arguments)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** What a command printed, and how it ended. */
  record Ended(int code, String text) {}

  /** Runs a command of the operator to its end. */
  static Ended run(String... arguments) throws IOException, InterruptedException {
    return run(ServiceJar.command(arguments));
  }

  /** The same, as somebody made it ready. */
  static Ended run(ProcessBuilder program) throws IOException, InterruptedException {
    var process = program.start();
    var text =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertEnded(process, PATIENCE);
    return new Ended(process.exitValue(), text);
  }

  Api api() {
    return api;
  }

  Path settings() {
    return settings;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Replica awaitReady() throws InterruptedException {
    Until.holds(
        "the broker at " + api.url() + " is ready",
        PATIENCE,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the broker ended with " + process.exitValue() + "\n" + log());
          }
          return api.isReady();
        });
    return this;
  }

  /** As by {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertEnded(process, Duration.ofSeconds(20));
  }

  /** The same service again, on the same port. */
  void startAgain() throws IOException {
    process = launch("serve", "--config", settings.toString());
  }

  void terminate() {
    process.destroy();
  }

  void hangUp() throws IOException, InterruptedException {
    signal("HUP");
  }

  /** Stops it where it is, until it is killed or let go on. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  /** The exit code; the process ends within {@code patience}. */
  int awaitEnd(Duration patience) throws InterruptedException {
    assertEnded(process, patience);
    return process.exitValue();
  }

  private static void assertEnded(Process process, Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the process did not end in " + patience);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
