package io.daypass.e2e;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A person's machine: a home folder, the launcher as it is packed, made of what was compiled, and
 * programs that run in processes of their own.
 */
final class Laptop {

  private static final String[] TOOLS = {"/usr/local/bin", "/usr/bin", "/bin"};

  final Path home;
  final Path launcher;
  private final Map<String, String> environment = new HashMap<>();

  /** What a program came to. */
  record Ran(int exit, String out, String err) {}

  Laptop(Path folder) throws IOException {
    home = Files.createDirectories(folder.resolve("home"));
    // A folder with a space in its name, as some have.
    var installed = folder.resolve("my tools");
    launcher = installed.resolve("bin/daypass");
    Files.createDirectories(installed.resolve("lib"));
    Files.createDirectories(launcher.getParent());
    program("daypass");
    program("find-java");
    if (!launcher.toFile().setExecutable(true)) {
      throw new IOException("cannot make a program");
    }
    libraries(installed.resolve("lib"));
    with("HOME", home.toString());
    with("JAVA_HOME", System.getProperty("java.home"));
    with("PATH", System.getenv().getOrDefault("PATH", String.join(":", TOOLS)));
    with("LC_ALL", "C.UTF-8");
    with("AWS_EC2_METADATA_DISABLED", "true");
  }

  private void program(String name) throws IOException {
    Files.copy(
        Path.of("src/main/launcher/bin", name),
        launcher.resolveSibling(name),
        StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * With what makes start-up caches. Other laptops start without: nothing is at work in their
   * folders any more when a test ends.
   */
  Laptop learning() throws IOException {
    program("warm-up");
    return this;
  }

  private static void libraries(Path folder) throws IOException {
    // Side by side, as they are packed: a start-up cache knows them by their names.
    var everything = new StringJoiner(" ");
    var quick = new StringJoiner(" ");
    for (var library :
        Files.readString(Path.of("target/sandbox.classpath"))
            .strip()
            .split(File.pathSeparator, -1)) {
      var name = String.valueOf(Path.of(library).getFileName());
      Files.createSymbolicLink(folder.resolve(name), Path.of(library));
      everything.add(name);
      if (name.startsWith("jackson-core-")) {
        quick.add(name);
      }
    }
    jar(folder.resolve("daypass-classes.jar"), new Manifest(), Path.of("target/classes"));
    starter(folder.resolve("daypass.jar"), everything);
    starter(folder.resolve("quick.jar"), quick);
  }

  private static void starter(Path file, StringJoiner libraries) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "io.daypass.Main");
    manifest
        .getMainAttributes()
        .put(Attributes.Name.CLASS_PATH, "daypass-classes.jar " + libraries);
    jar(file, manifest, Files.createDirectories(file.resolveSibling("nothing")));
  }

  private static void jar(Path file, Manifest manifest, Path classes) throws IOException {
    try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest);
        var files = Files.walk(classes)) {
      for (var one : files.filter(Files::isRegularFile).sorted().toList()) {
        var name = classes.relativize(one).toString();
        if (!name.equals("META-INF/MANIFEST.MF")) {
          jar.putNextEntry(new JarEntry(name));
          Files.copy(one, jar);
        }
      }
    }
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

  static boolean has(String program) {
    var path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
