package io.daypass.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that only their owner can read. */
public final class Files600 {

  private Files600() {}

  /** Replaces {@code file}, in one step, by {@code text}. */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Replaces {@code file}, in one step, by {@code bytes}. */
  public static void write(Path file, byte[] bytes) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    var owner = PosixFilePermissions.fromString("rw-------");
    var draft =
        Files.createTempFile(folder, ".draft", "", PosixFilePermissions.asFileAttribute(owner));
    Files.write(draft, bytes);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
