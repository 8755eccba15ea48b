package io.daypass.e2e;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A person's machine: a home folder, the launcher of an {@link Installation}, and programs that run
 * in processes of their own.
 */
final class Laptop {

  private static final String[] TOOLS = {"/usr/local/bin", "/usr/bin", "/bin"};

  final Path home;
  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private Path launcher = Installation.shared().launcher;

  /** What a program came to. */
  record Ran(int exit, String out, String err) {}

  Laptop(Path folder) throws IOException {
    this.folder = folder;
    home = Files.createDirectories(folder.resolve("home"));
    with("HOME", home.toString());
    with("JAVA_HOME", System.getProperty("java.home"));
    with("PATH", System.getenv().getOrDefault("PATH", String.join(":", TOOLS)));
    with("LC_ALL", "C.UTF-8");
    with("AWS_EC2_METADATA_DISABLED", "true");
  }

  /** With an installation of its own, which has no start-up caches yet. */
  Laptop learning() throws IOException {
    launcher = Installation.in(folder).launcher;
    return this;
  }

  /** The one of its own is replaced by another build, which says {@code others}. */
  void upgrade(String words, String others) throws IOException {
    Installation.replace(folder, words, others);
  }

  Path launcher() {
    return launcher;
  }

  Laptop with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Laptop without(String variable) {
    environment.remove(variable);
    return this;
  }

  /** {@code daypass} with these words. */
  Ran daypass(String... words) {
    var command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(words));
    return run(command);
  }

  Ran run(String... command) {
    return run(List.of(command));
  }

  private Ran run(List<String> command) {
    try {
      var process = start(command);
      var err = new StringBuilder();
      var reader = Thread.ofVirtual().start(() -> err.append(text(process.getErrorStream())));
      var out = text(process.getInputStream());
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end: " + command);
      }
      reader.join();
      return new Ran(process.exitValue(), out, err.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Process start(List<String> command) throws IOException {
    var builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.redirectInput(new File("/dev/null")).start();
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
