package io.daypass.e2e;

import io.daypass.sandbox.postgres.PostgresSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;

/**
 * The data of a Postgres with one empty database that no broker has seen yet. Made once for a JVM,
 * and copied for each world: initdb alone takes most of a second.
 */
final class FreshData {

  static final String DATABASE = "daypass";

  private static final Path MADE = make();

  private FreshData() {}

  /** A copy in {@code folder}, for a server that gives its roles passwords of its own. */
  static Path copiedTo(Path folder) throws IOException {
    try (var files = Files.walk(MADE)) {
      for (var file : files.toList()) {
        // With its permissions: Postgres does not start on data that others may read.
        Files.copy(
            file,
            folder.resolve(MADE.relativize(file).toString()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return folder;
  }

  private static Path make() {
    try {
      var folder = Files.createTempDirectory("daypass-fresh-data");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      try (var server = PostgresSandbox.options().data(folder).start()) {
        server.database(DATABASE);
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A server that ends at the same time still tidies up there.
      System.err.println("left behind: " + e.getMessage());
    }
  }
}
