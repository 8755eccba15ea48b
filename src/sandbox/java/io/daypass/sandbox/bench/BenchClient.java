package io.daypass.sandbox.bench;

import io.daypass.sandbox.run.CannotRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long the commands take that SDKs run for every call, launcher and JVM included. */
final class BenchClient {

  private static final int TIMES = 20;

  private final Path launcher;
  private final Path home;
  private final String url;
  private final String token;

  /** What is measured for a caller who has a grant for {@code role}. */
  BenchClient(Path launcher, Path home, String url, String token) {
    this.launcher = launcher.toAbsolutePath();
    this.home = home;
    this.url = url;
    this.token = token;
  }

  void run(Table table, String role) throws IOException, InterruptedException, CannotRun {
    table.title("The command line, median of " + TIMES + " (fastest)");
    Files.createDirectories(home);
    // Once, so that whatever is made at the first start is there.
    once(launcher + "", "warm-up");
    var command = new String[] {launcher + "", "aws", "credentials", role};
    once(command);
    table.row("daypass aws credentials, cached", median(() -> {}, command));
    table.row("daypass aws credentials, from the broker", median(this::forget, command));
    if (isInstalled("aws")) {
      table.row("aws --version", median(() -> {}, "aws", "--version"));
    }
  }

  private interface Before {
    void each() throws IOException;
  }

  private String median(Before before, String... command)
      throws IOException, InterruptedException, CannotRun {
    var millis = new ArrayList<Double>();
    for (var i = 0; i < TIMES; i++) {
      before.each();
      millis.add(once(command));
    }
    millis.sort(Comparator.naturalOrder());
    return "%.0f ms (%.0f ms)".formatted(millis.get(TIMES / 2), millis.getFirst());
  }

  private double once(String... command) throws IOException, InterruptedException, CannotRun {
    var builder =
        new ProcessBuilder(List.of(command))
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("DAYPASS_URL", url);
    builder.environment().put("DAYPASS_TOKEN", token);
    builder.environment().remove("XDG_CACHE_HOME");
    var begun = System.nanoTime();
    var process = builder.start();
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new CannotRun(String.join(" ", command) + " failed", "run it by hand to see why");
    }
    return (System.nanoTime() - begun) / 1e6;
  }

  private void forget() throws IOException {
    try (var files = Files.walk(home.resolve(".cache/daypass/credentials"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
