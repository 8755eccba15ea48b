package io.daypass.sandbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Shows the launcher's JVM what the service does, so that it can keep what it learned (JEP 514 and
 * 515: an ahead-of-time cache with classes and profiles). Run by the build with the JVM options
 * that write the cache when the service stops.
 */
public final class TrainingMain {

  private TrainingMain() {}

  public static void main(String[] args) throws Exception {
    System.setProperty("logback.configurationFile", "sandbox/logback.xml");
    var data = Files.createTempDirectory("daypass-training");
    try (var bench = new Bench(Path.of(args[0]), data)) {
      bench.awaitReady();
      var standing = bench.standing();
      var answered = 0L;
      for (var round = 0; round < 3; round++) {
        answered +=
            Load.run(bench.brokerPort(), 8, Duration.ofSeconds(3), Duration.ZERO, standing)
                .answered();
      }
      answered +=
          Load.run(bench.brokerPort(), 4, Duration.ofSeconds(2), Duration.ZERO, bench.opening(500))
              .answered();
      System.out.println("trained on " + answered + " issuances");
    }
    System.exit(0);
  }
}
