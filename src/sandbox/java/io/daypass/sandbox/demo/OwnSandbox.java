package io.daypass.sandbox.demo;

import io.daypass.sandbox.Sandbox;
import io.daypass.sandbox.http.FreePort;
import io.daypass.sandbox.postgres.PostgresSandbox;
import io.daypass.sandbox.run.BrokerProcess;
import io.daypass.sandbox.run.CannotRun;
import io.daypass.sandbox.run.DataFolder;
import io.daypass.sandbox.run.SettingsFile;
import io.daypass.sandbox.run.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;

/** A broker with a sandbox of its own, on free ports and in a folder that goes with it. */
final class OwnSandbox implements AutoCloseable {

  private final Stack stack = new Stack();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Path home;
  private String broker = "";
  private String sandbox = "";

  OwnSandbox() throws IOException {
    home = Files.createTempDirectory("daypass-demo");
  }

  /** Starts; whether or not that works, close it. */
  void start(Path launcher, Path policies) throws IOException, CannotRun, InterruptedException {
    var folder = stack.add(DataFolder.take(home));
    var postgres =
        stack.add(
            PostgresSandbox.options()
                .data(folder.file("postgres"))
                .stoppedByCaller()
                .passwords(
                    Files.readString(folder.secretText("owner-password")),
                    Files.readString(folder.secretText("app-password")))
                .start());
    var doubles = stack.add(Sandbox.start());
    sandbox = doubles.url();
    int port = FreePort.find();
    broker = "http://localhost:" + port;
    doubles.trust(broker);
    var settings =
        new SettingsFile(folder, doubles).write(port, postgres.database("daypass"), policies);
    var process = stack.add(BrokerProcess.start(launcher, settings, folder));
    process.awaitReady(broker);
  }

  String broker() {
    return broker;
  }

  String sandbox() {
    return sandbox;
  }

  @Override
  public void close() throws IOException {
    // At the end of the walk, and again by the hook that is there for Ctrl-C.
    if (closed.getAndSet(true)) {
      return;
    }
    stack.close();
    try (var files = Files.walk(home)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
