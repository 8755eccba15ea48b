package io.daypass.sandbox.demo;

import io.daypass.sandbox.run.CannotRun;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * {@code make demo}: beside the broker of a running {@code make run}, or with one of its own. Ends
 * with 0 only if every step held.
 */
public final class DemoMain {

  private static final String BROKER = "http://localhost:8080";
  private static final String SANDBOX = "http://localhost:8090";

  private DemoMain() {}

  public static void main(String[] args) throws InterruptedException {
    // Before the first logger, as in the sandbox's own main.
    System.setProperty("logback.configurationFile", "sandbox/logback.xml");
    LoggerFactory.getILoggerFactory();
    System.exit(run());
  }

  private static int run() throws InterruptedException {
    try {
      if (isRunning()) {
        System.out.println("The broker that runs on " + BROKER + ", with its sandbox:");
        return walk(BROKER, SANDBOX);
      }
      System.out.println("Nothing runs on " + BROKER + ": starting a broker and a sandbox");
      return ownWalk();
    } catch (CannotRun e) {
      System.err.println("daypass: error: " + e.getMessage());
      System.err.println("daypass: hint: " + e.hint());
      return 1;
    } catch (IOException e) {
      System.err.println("daypass: error: the demo cannot start: " + e.getMessage());
      return 1;
    }
  }

  private static int ownWalk() throws IOException, CannotRun, InterruptedException {
    try (var own = new OwnSandbox()) {
      // Ctrl-C must not leave a Postgres behind.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(own), "stop"));
      own.start(Path.of("target/daypass/bin/daypass"), Path.of("policies"));
      return walk(own.broker(), own.sandbox());
    }
  }

  private static void stop(OwnSandbox own) {
    try {
      own.close();
    } catch (IOException e) {
      System.err.println("daypass: error: the demo does not stop cleanly: " + e.getMessage());
    }
  }

  private static int walk(String broker, String sandbox) throws InterruptedException {
    try {
      int steps = new Walk(broker, sandbox, System.out).run();
      System.out.println("\nAll " + steps + " steps held.");
      return 0;
    } catch (Broken e) {
      System.out.flush();
      System.err.println("\ndaypass: error: " + e.getMessage());
      return 1;
    }
  }

  /** A ready broker that believes the sandbox's people, and that sandbox. */
  private static boolean isRunning() throws InterruptedException {
    try {
      return Asked.get(BROKER + "/readyz").status() == 200
          && Asked.get(BROKER + "/.well-known/daypass").body().contains(SANDBOX + "/staff")
          && Asked.get(SANDBOX + "/calls").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
