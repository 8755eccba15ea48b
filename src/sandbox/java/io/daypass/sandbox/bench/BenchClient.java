package io.daypass.sandbox.bench;

import io.daypass.cli.client.Broker;
import io.daypass.cli.client.BrokerUrl;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.SignIn;
import io.daypass.cli.client.SignIns;
import io.daypass.sandbox.run.CannotRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
    signIn();
    // Once, so that whatever is made at the first start is there.
    once(Map.of(), launcher + "", "warm-up");
    var command = new String[] {launcher + "", "aws", "credentials", role};
    for (var with : List.of(Map.<String, String>of(), Map.of("DAYPASS_TOKEN", token))) {
      var who = with.isEmpty() ? "" : ", with DAYPASS_TOKEN";
      once(with, command);
      table.row("daypass aws credentials, cached" + who, median(() -> {}, with, command));
      table.row(
          "daypass aws credentials, from the broker" + who, median(this::forget, with, command));
    }
    var local = new Local(Map.of("DAYPASS_URL", url), home, InstantSource.system());
    table.row("  the broker's own time in that", median(() -> ask(local, role)));
    table.row("java -version", median(() -> {}, Map.of(), java(), "-version"));
    if (isInstalled("aws")) {
      table.row("aws --version", median(() -> {}, Map.of(), "aws", "--version"));
    }
  }

  /** As {@code daypass login} leaves it. */
  private void signIn() {
    var local = new Local(Map.of(), home, InstantSource.system());
    var broker = BrokerUrl.parse(url).orElseThrow();
    var until = local.clock().instant().plusSeconds(600);
    var _ =
        new SignIns(local)
            .keep(new SignIn(broker, "bench", url, "bench", url, null, token, until, null));
  }

  private static double ask(Local local, String role) {
    var began = System.nanoTime();
    var answer = Broker.of(local).send("POST", "/v1/roles/" + role + "/credentials", null);
    if (!(answer instanceof Broker.Answer.Given)) {
      throw new IllegalStateException("the broker refuses");
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin/java").toString();
  }

  private interface Before {
    void each() throws IOException;
  }

  private interface Timed {
    double millis() throws IOException, InterruptedException, CannotRun;
  }

  private String median(Before before, Map<String, String> with, String... command)
      throws IOException, InterruptedException, CannotRun {
    return median(() -> {
      before.each();
      return once(with, command);
    });
  }

  private static String median(Timed timed) throws IOException, InterruptedException, CannotRun {
    var millis = new ArrayList<Double>();
    for (var i = 0; i < TIMES; i++) {
      millis.add(timed.millis());
    }
    millis.sort(Comparator.naturalOrder());
    return "%.0f ms (%.0f ms)".formatted(millis.get(TIMES / 2), millis.getFirst());
  }

  private double once(Map<String, String> with, String... command)
      throws IOException, InterruptedException, CannotRun {
    var builder =
        new ProcessBuilder(List.of(command))
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("DAYPASS_URL", url);
    builder.environment().keySet().removeAll(List.of("XDG_CACHE_HOME", "XDG_CONFIG_HOME"));
    builder.environment().putAll(with);
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
