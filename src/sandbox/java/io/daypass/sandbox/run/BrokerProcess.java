package io.daypass.sandbox.run;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real broker, started the way an operator would. */
public final class BrokerProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // The broker drains for up to 20 s.
  private static final int DRAIN_SECONDS = 25;
  private static final int TAIL = 40;

  private final Process process;
  private final Path log;
  private final Path pidFile;

  private BrokerProcess(Process process, Path log, Path pidFile) {
    this.process = process;
    this.log = log;
    this.pidFile = pidFile;
  }

  /** Starts {@code launcher} on {@code settings}; what it says goes to {@code broker.log}. */
  public static BrokerProcess start(Path launcher, Path settings, DataFolder folder)
      throws IOException, CannotRun {
    if (!Files.isExecutable(launcher)) {
      throw new CannotRun(launcher + " is not there", "build it with: make run");
    }
    var log = folder.file("broker.log");
    var process =
        new ProcessBuilder(launcher.toString(), "serve", "--config", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var pidFile = folder.file("broker.pid");
    Files.writeString(pidFile, String.valueOf(process.pid()));
    return new BrokerProcess(process, log, pidFile);
  }

  /** Returns once the broker at {@code url} says that it is ready. */
  public void awaitReady(String url) throws IOException, CannotRun, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
      while (System.nanoTime() < deadline) {
        if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
          throw new CannotRun("the broker ended with " + process.exitValue(), tail());
        }
        if (ready(http, url + "/readyz")) {
          return;
        }
      }
    }
    throw new CannotRun("the broker is not ready after " + PATIENCE.toSeconds() + " s", tail());
  }

  private static boolean ready(HttpClient http, String url) throws InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(2)).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits until the broker ends, and says what it said last. */
  public CannotRun awaitEnd() throws IOException, InterruptedException {
    int code = process.waitFor();
    return new CannotRun("the broker ended with " + code, tail());
  }

  private String tail() throws IOException {
    List<String> lines = Files.readAllLines(log);
    var last = lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
    return "its last words, all of them in " + log + ":\n  " + String.join("\n  ", last);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(DRAIN_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(pidFile);
  }
}
