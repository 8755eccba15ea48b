package io.daypass.policy.yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/** What a directory looks like, good or bad: only whether it has changed can be told from it. */
final class Fingerprint {

  private static final int DEEPEST = 9;
  private static final long MOST_FILES = 5000;
  private static final long LARGEST = 1 << 20;

  private Fingerprint() {}

  static String of(Path directory) {
    var files = new TreeMap<String, byte[]>();
    try (var entries = Files.walk(directory, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
      for (var file : entries.filter(Fingerprint::counts).limit(MOST_FILES).toList()) {
        files.put(directory.relativize(file).toString(), content(file));
      }
    } catch (IOException | UncheckedIOException e) {
      // Not to be read now: that too is a change, which the reload will speak of.
      return "unreadable";
    }
    return Digest.of(files);
  }

  private static boolean counts(Path file) {
    var name = file.getFileName().toString();
    return (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"))
        && Files.isRegularFile(file);
  }

  private static byte[] content(Path file) throws IOException {
    return Files.size(file) > LARGEST ? new byte[0] : Files.readAllBytes(file);
  }
}
