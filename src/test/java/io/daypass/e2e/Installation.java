package io.daypass.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The launcher and its libraries as they are packed, made of what was compiled. */
final class Installation {

  /** Files that are packed all have one time, whatever is in them. */
  private static final FileTime PACKED = FileTime.from(Instant.parse("2026-11-01T00:00:00Z"));

  final Path launcher;
  private final Path libraries;

  private Installation(Path folder) {
    // A folder with a space in its name, as some have.
    var installed = folder.resolve("my tools");
    launcher = installed.resolve("bin/daypass");
    libraries = installed.resolve("lib");
  }

  /**
   * The one of all laptops that change nothing of it: its start-up caches are made, so nothing is
   * at work there any more when a command ends.
   */
  static Installation shared() {
    return new Installation(
        MadeOnce.folder(
            "laptop", folder -> new Installation(folder).make(UnaryOperator.identity()).learn()));
  }

  /** One of its own in {@code folder}, which has learnt nothing yet. */
  static Installation in(Path folder) throws IOException {
    return new Installation(folder).make(UnaryOperator.identity());
  }

  /** Another build in the place of the one in {@code folder}: it says other {@code words}. */
  static void replace(Path folder, String words, String others) throws IOException {
    if (words.length() != others.length()) {
      throw new IllegalArgumentException("a class names the length of what it says");
    }
    new Installation(folder)
        .make(bytes ->
            new String(bytes, StandardCharsets.ISO_8859_1)
                .replace(words, others)
                .getBytes(StandardCharsets.ISO_8859_1));
  }

  /** With the compiled classes as {@code change} makes them. */
  private Installation make(UnaryOperator<byte[]> change) throws IOException {
    Files.createDirectories(launcher.getParent());
    Files.createDirectories(libraries);
    for (var name : new String[] {"daypass", "find-java", "warm-up"}) {
      Files.copy(
          Path.of("src/main/launcher/bin", name),
          launcher.resolveSibling(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
    if (!launcher.toFile().setExecutable(true)) {
      throw new IOException("cannot make a program");
    }
    // Side by side, as they are packed: a start-up cache knows them by their names.
    var everything = new StringJoiner(" ");
    var quick = new StringJoiner(" ");
    for (var library :
        Files.readString(Path.of("target/sandbox.classpath"))
            .strip()
            .split(File.pathSeparator, -1)) {
      var name = String.valueOf(Path.of(library).getFileName());
      var link = libraries.resolve(name);
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, Path.of(library));
      everything.add(name);
      if (name.startsWith("jackson-core-")) {
        quick.add(name);
      }
    }
    var classes = libraries.resolve("daypass-classes.jar");
    jar(classes, new Manifest(), MadeOnce.CLASSES, change);
    // As the build does: by what the jars hold.
    Files.writeString(
        libraries.resolve("build"), UUID.nameUUIDFromBytes(Files.readAllBytes(classes)) + "\n");
    starter(libraries.resolve("daypass.jar"), everything);
    starter(libraries.resolve("quick.jar"), quick);
    return this;
  }

  private void learn() throws IOException, InterruptedException {
    var command = new ProcessBuilder(launcher.toString(), "warm-up").inheritIO();
    command.environment().put("JAVA_HOME", System.getProperty("java.home"));
    var process = command.start();
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("no start-up caches were made in " + libraries);
    }
  }

  private static void starter(Path file, StringJoiner libraries) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "io.daypass.Main");
    manifest
        .getMainAttributes()
        .put(Attributes.Name.CLASS_PATH, "daypass-classes.jar " + libraries);
    var nothing = Files.createDirectories(file.resolveSibling("nothing"));
    jar(file, manifest, nothing, UnaryOperator.identity());
  }

  private static void jar(Path file, Manifest manifest, Path classes, UnaryOperator<byte[]> change)
      throws IOException {
    try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest);
        var files = Files.walk(classes)) {
      for (var one : files.filter(Files::isRegularFile).sorted().toList()) {
        var name = classes.relativize(one).toString();
        if (!name.equals("META-INF/MANIFEST.MF")) {
          var entry = new JarEntry(name);
          entry.setLastModifiedTime(PACKED);
          jar.putNextEntry(entry);
          var bytes = Files.readAllBytes(one);
          jar.write(name.endsWith(".class") ? change.apply(bytes) : bytes);
        }
      }
    }
    Files.setLastModifiedTime(file, PACKED);
  }
}
