package io.daypass.sandbox;

import io.daypass.sandbox.postgres.PostgresSandbox;
import io.daypass.sandbox.run.BrokerProcess;
import io.daypass.sandbox.run.CannotRun;
import io.daypass.sandbox.run.DataFolder;
import io.daypass.sandbox.run.RunOptions;
import io.daypass.sandbox.run.SettingsFile;
import io.daypass.sandbox.run.Stack;
import io.daypass.sandbox.run.Welcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.LoggerFactory;

/** {@code make run}: the sandbox, and the real broker wired to it. */
public final class SandboxMain {

  private final RunOptions options;
  private final Stack stack = new Stack();

  private SandboxMain(RunOptions options) {
    this.options = options;
  }

  public static void main(String[] args) throws InterruptedException {
    // Before the first logger: the broker's own log goes to its file, this one to the terminal.
    System.setProperty("logback.configurationFile", "sandbox/logback.xml");
    try {
      var main = new SandboxMain(RunOptions.parse(args));
      Runtime.getRuntime().addShutdownHook(new Thread(main.stack::close, "stop"));
      main.run();
    } catch (CannotRun e) {
      System.err.println("daypass: error: " + e.getMessage());
      System.err.println("daypass: hint: " + e.hint());
      System.exit(1);
    } catch (IOException e) {
      System.err.println("daypass: error: the sandbox cannot start: " + e.getMessage());
      System.exit(1);
    }
  }

  private void run() throws IOException, CannotRun, InterruptedException {
    var folder = stack.add(DataFolder.take(options.data()));
    folder.stopOrphanedBroker();
    requireFree(options.port());
    if (options.broker()) {
      requireFree(options.brokerPort());
    }
    // Two threads that begin to log at once would print complaints of the logging library.
    LoggerFactory.getILoggerFactory();
    var postgres = CompletableFuture.supplyAsync(() -> postgres(folder));
    stack.add(() -> stop(postgres));
    var sandbox =
        stack.add(
            Sandbox.options().port(options.port()).keepKeysIn(folder.file("secrets")).start());
    var url = "http://localhost:" + options.brokerPort();
    sandbox.trust(url);
    var database = join(postgres).database("daypass");
    var settings =
        new SettingsFile(folder, sandbox).write(options.brokerPort(), database, options.policies());
    if (!options.broker()) {
      System.out.println("sandbox at " + sandbox.url() + ", settings in " + settings);
      Thread.currentThread().join();
    }
    var broker = stack.add(BrokerProcess.start(options.launcher(), settings, folder));
    broker.awaitReady(url);
    System.out.println(Welcome.text(url, sandbox.url(), folder));
    var end = broker.awaitEnd();
    if (!stack.closing()) {
      throw end;
    }
  }

  private static PostgresSandbox postgres(DataFolder folder) {
    try {
      return PostgresSandbox.options()
          .data(folder.file("postgres"))
          .durable()
          .stoppedByCaller()
          .passwords(
              Files.readString(folder.secretText("owner-password")),
              Files.readString(folder.secretText("app-password")))
          .start();
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static PostgresSandbox join(CompletableFuture<PostgresSandbox> postgres)
      throws IOException {
    try {
      return postgres.join();
    } catch (CompletionException e) {
      throw new IOException("Postgres does not start", e.getCause());
    }
  }

  // Also when something else failed while it was still starting.
  private static void stop(CompletableFuture<PostgresSandbox> postgres) throws IOException {
    if (postgres.handle((_, failure) -> failure == null).join()) {
      join(postgres).close();
    }
  }

  private static void requireFree(int port) throws CannotRun {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      // It can be had.
    } catch (IOException e) {
      throw new CannotRun(
          "port " + port + " is taken by another program", "stop it, and try again");
    }
  }
}
