package io.daypass.e2e;

import io.daypass.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A folder below {@code target} that all test JVMs share. The first one that wants it makes it; for
 * another state of what was compiled it is made anew, so nobody starts old code.
 */
final class MadeOnce {

  /** Where the compiled service is. */
  static final Path CLASSES = where(Main.class);

  private static final Path PROGRAMS = Path.of("src/main/launcher/bin");

  private MadeOnce() {}

  /** What is done in the folder, whatever an earlier state left there. */
  interface Making {
    void in(Path folder) throws IOException, InterruptedException;
  }

  static Path folder(String name, Making making) {
    try {
      var folder = Files.createDirectories(Path.of("target", name)).toAbsolutePath();
      var madeOf = folder.resolve("state");
      var state =
          String.join(
              "\n",
              state(CLASSES),
              state(PROGRAMS),
              System.getProperty("java.home"),
              System.getProperty("java.class.path"));
      try (var lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.exists(madeOf) || !Files.readString(madeOf).equals(state)) {
          making.in(folder);
          Files.writeString(madeOf, state);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Where {@code type} was loaded from. */
  static Path where(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  /** Names one state of the files in {@code folder}. */
  private static String state(Path folder) throws IOException {
    var files = new StringBuilder();
    try (var found = Files.walk(folder)) {
      for (var file : found.filter(Files::isRegularFile).sorted().toList()) {
        files.append(file).append(Files.size(file)).append(Files.getLastModifiedTime(file));
      }
    }
    return UUID.nameUUIDFromBytes(files.toString().getBytes(StandardCharsets.UTF_8)).toString();
  }
}
