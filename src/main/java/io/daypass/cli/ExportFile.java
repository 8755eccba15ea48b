package io.daypass.cli;

import io.daypass.cli.client.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where an export goes. A plain file is there whole or not at all; where it is a link, the file
 * behind it is the one that is written. A pipe or a device stays what it is and takes the pages as
 * they come.
 */
record ExportFile(Path named) {

  void take(LedgerExport export) throws IOException {
    if (Files.exists(named) && !Files.isRegularFile(named)) {
      stream(export);
    } else {
      replace(export, real());
    }
  }

  private void stream(LedgerExport export) throws IOException {
    try (var writer =
        Files.newBufferedWriter(named, StandardCharsets.UTF_8, StandardOpenOption.WRITE)) {
      export.to(writer::write);
    }
  }

  private static void replace(LedgerExport export, Path file) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var folder = file.getParent() == null ? Path.of("/") : file.getParent();
    var draft = Files.createTempFile(folder, ".daypass-export", "", owner);
    try {
      try (var writer = Files.newBufferedWriter(draft, StandardCharsets.UTF_8)) {
        export.to(writer::write);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private Path real() throws IOException {
    if (Files.exists(named)) {
      return named.toRealPath();
    }
    if (Files.exists(named, LinkOption.NOFOLLOW_LINKS)) {
      throw Failure.of(named + " is a link that leads nowhere", "rm " + named);
    }
    return named.toAbsolutePath();
  }
}
