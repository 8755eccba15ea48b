package io.daypass.cli.profile;

import io.daypass.cli.client.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file of the person's that is changed in a part. It is replaced whole or not at all, keeps its
 * mode, and where it is a link the file behind it is the one that changes; a pipe or a device is
 * never made a file. Its bytes are kept as characters of the same number, so that no encoding can
 * be wrong.
 */
public final class ConfigFile {

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  private final Path named;

  public ConfigFile(Path named) {
    this.named = named;
  }

  public Path path() {
    return named;
  }

  /** The text; empty text if there is no file. */
  public String read() {
    try {
      return Files.readString(real(), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException _) {
      return "";
    } catch (IOException _) {
      throw Failure.of(named + " cannot be read", "look at its permissions");
    }
  }

  /** Puts {@code after} in place of {@code before}; whatever else it is by now stays. */
  public void write(String before, String after) {
    try {
      var file = real();
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw Failure.of(named + " is no plain file", "name one with AWS_CONFIG_FILE");
      }
      var folder = file.getParent();
      if (folder == null) {
        throw new IOException("a file has a folder");
      }
      if (!Files.exists(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      var mode = Files.exists(file) ? Files.getPosixFilePermissions(file) : PRIVATE;
      var draft = Files.createTempFile(folder, ".config", ".daypass");
      try {
        Files.writeString(draft, after, StandardCharsets.ISO_8859_1);
        Files.setPosixFilePermissions(draft, mode);
        if (!read().equals(before)) {
          throw Failure.of(named + " has just been changed by somebody else", "run it again");
        }
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException _) {
      throw Failure.of(
          named + " cannot be written; it is as it was",
          "look at its permissions and at the room on the disk");
    }
  }

  private Path real() throws IOException {
    var whole = named.toAbsolutePath();
    if (Files.exists(whole)) {
      return whole.toRealPath();
    }
    if (Files.exists(whole, LinkOption.NOFOLLOW_LINKS)) {
      throw Failure.of(named + " is a link that leads nowhere", "rm " + named);
    }
    return whole;
  }
}
