package io.daypass.policy.yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The files of a directory of policies. Nothing outside of it is ever read, whatever a name or a
 * symbolic link says; links within it are followed, as mounted config maps consist of them.
 */
final class PolicyFiles {

  private static final Pattern ROLE_FILE = Pattern.compile("[^.].*\\.ya?ml");
  private static final Pattern REFERENCE =
      Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/){0,8}[A-Za-z0-9_-][A-Za-z0-9._-]*\\.json");
  private static final long LARGEST = 1 << 20;

  private final Path root;
  // What one role was made of, by relative path: its digest says what that means.
  private final SortedMap<String, byte[]> used = new TreeMap<>();

  private PolicyFiles(Path root) {
    this.root = root;
  }

  /**
   * Opens a directory.
   *
   * @throws IOException if it is none, or not readable
   */
  static PolicyFiles in(Path directory) throws IOException {
    return new PolicyFiles(directory.toRealPath());
  }

  /** What came of reading a file. */
  sealed interface Content {
    /** It was read whole. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, only read
    record Bytes(byte[] bytes) implements Content {}

    /** It may not be read, or cannot. */
    record Refused(String why) implements Content {}
  }

  /** The names of the role files, sorted. */
  List<String> roleFiles() throws IOException {
    return names(root);
  }

  /** The names of the files of a sub-directory, sorted; none if there is no such directory. */
  List<String> filesUnder(String folder) throws IOException {
    var directory = root.resolve(folder);
    return Files.isDirectory(directory)
        ? names(directory).stream().map(name -> folder + "/" + name).toList()
        : List.of();
  }

  private static List<String> names(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries
          .filter(entry -> !Files.isDirectory(entry))
          .map(entry -> entry.getFileName().toString())
          .filter(name -> ROLE_FILE.matcher(name).matches())
          .sorted()
          .toList();
    }
  }

  /** Starts afresh to note what is read. */
  void forget() {
    used.clear();
  }

  /** What was read since {@link #forget}, by relative path. */
  SortedMap<String, byte[]> used() {
    return new TreeMap<>(used);
  }

  /** Reads a file that another one names. */
  Content referenced(String name) {
    return REFERENCE.matcher(name).matches()
        ? read(name)
        : new Content.Refused(
            "\"" + name + "\" is not the name of a .json file in or under this directory");
  }

  /** Reads a file by its path relative to the directory. */
  Content read(String name) {
    try {
      var real = root.resolve(name).toRealPath();
      if (!real.startsWith(root)) {
        return new Content.Refused("\"" + name + "\" leads out of the directory of the policies");
      }
      if (!Files.isRegularFile(real) || Files.size(real) > LARGEST) {
        return new Content.Refused("\"" + name + "\" is no file of at most 1 MiB");
      }
      var bytes = Files.readAllBytes(real);
      used.put(name, bytes);
      return new Content.Bytes(bytes);
    } catch (IOException e) {
      return new Content.Refused("\"" + name + "\" cannot be read");
    }
  }
}
