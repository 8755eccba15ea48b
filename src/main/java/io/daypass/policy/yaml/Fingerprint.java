package io.daypass.policy.yaml;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a directory looks like, good or bad: only whether it has changed can be told from it. */
final class Fingerprint {

  private static final int DEEPEST = 9;
  private static final int MOST_FILES = 5000;
  private static final long LARGEST = 1 << 20;

  private Fingerprint() {}

  static String of(Path directory) {
    var files = new TreeMap<String, byte[]>();
    try {
      var look = new Look(directory, files);
      Files.walkFileTree(directory, Set.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, look);
    } catch (IOException e) {
      // Not to be read now: that too is a change, which the reload will speak of.
      return "unreadable";
    }
    return Digest.of(files);
  }

  /**
   * Looks at every file that could count. What cannot be looked at (the {@code lost+found} of a
   * volume, a link that leads in a circle) is noted as such, and hides no change of the rest.
   */
  private static final class Look extends SimpleFileVisitor<Path> {

    private final Path directory;
    private final SortedMap<String, byte[]> files;

    Look(Path directory, SortedMap<String, byte[]> files) {
      this.directory = directory;
      this.files = files;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (counts(file, attributes)) {
        note(file, content(file, attributes));
      }
      return files.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      note(file, new byte[0]);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) {
      return FileVisitResult.CONTINUE;
    }

    private void note(Path file, byte[] content) {
      files.put(directory.relativize(file).toString(), content);
    }

    private static boolean counts(Path file, BasicFileAttributes attributes) {
      var name = file.getFileName().toString();
      return (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"))
          && attributes.isRegularFile();
    }

    private static byte[] content(Path file, BasicFileAttributes attributes) {
      try {
        return attributes.size() > LARGEST ? new byte[0] : Files.readAllBytes(file);
      } catch (IOException e) {
        return new byte[0];
      }
    }
  }
}
