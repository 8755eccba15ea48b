package io.daypass.cli.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A folder of files that are nobody else's business. A file is read only if it and its folder are
 * the caller's own and closed to others, and never through a link; it is written whole or not at
 * all.
 */
public final class PrivateFolder {

  /** More than any sign-in or credential needs. */
  static final int LARGEST = 256 * 1024;

  static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final int ANYBODY_ELSE = 0077;
  private static final int WRITING_BY_OTHERS = 0022;
  private static final int KIND = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;

  private final Path folder;

  public PrivateFolder(Path folder) {
    this.folder = folder;
  }

  public Path path(String name) {
    return folder.resolve(name);
  }

  /** A file that others could have read or written; it must not be used. */
  public static final class UnsafeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String fix;

    UnsafeException(Path file, String what, String fix) {
      super(file + " " + what);
      this.fix = fix;
    }

    /** As the end of a command: what is wrong with which file, and the command that mends it. */
    public Failure failure() {
      return Failure.of(String.valueOf(getMessage()), fix);
    }
  }

  /** The text of a file; empty if there is none. */
  public Optional<String> read(String name) throws IOException {
    var file = path(name);
    try {
      checkFolder();
      check(file);
      try (var channel =
          Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
        var size = channel.size();
        if (size > LARGEST) {
          throw new UnsafeException(file, "is larger than anything daypass writes", "rm " + file);
        }
        var bytes = ByteBuffer.allocate((int) size);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
          // until it is full
        }
        return Optional.of(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
      }
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /** Replaces a file; readers see the old text or the new one. */
  public void write(String name, String text) throws IOException {
    try (var draft = draft(name, 0)) {
      draft.keep(text);
    }
  }

  /**
   * Takes the room for a file before there is anything to put in: what must not be lost for want of
   * a byte on the disk is fetched only once this has worked.
   */
  public Draft draft(String name, int room) throws IOException {
    create();
    var suffix = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    var draft = path("." + name + "." + suffix);
    var channel =
        FileChannel.open(
            draft, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), FILE);
    try {
      var filler = ByteBuffer.allocate(room);
      while (filler.hasRemaining()) {
        channel.write(filler);
      }
      if (room > 0) {
        channel.force(false);
      }
      return new Draft(channel, draft, path(name));
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(draft);
      throw e;
    }
  }

  /** A file that nobody sees yet. */
  public static final class Draft implements AutoCloseable {

    private final FileChannel channel;
    private final Path draft;
    private final Path file;

    private Draft(FileChannel channel, Path draft, Path file) {
      this.channel = channel;
      this.draft = draft;
      this.file = file;
    }

    /** Makes it the file. */
    public void keep(String text) throws IOException {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      channel.position(0);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.truncate(bytes.limit());
      channel.close();
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
      channel.close();
      Files.deleteIfExists(draft);
    }
  }

  public void delete(String name) throws IOException {
    Files.deleteIfExists(path(name));
  }

  /**
   * Waits until nobody else holds the lock of this name, in this process or another. It ends with
   * its holder, however that ends.
   */
  public Lock lock(String name) throws IOException {
    create();
    return Lock.take(path(name + ".lock"));
  }

  /** The lock if nobody holds it. */
  public Optional<Lock> tryLock(String name) throws IOException {
    create();
    return Lock.tryTake(path(name + ".lock"));
  }

  private void create() throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      // The folders above are made as the person's umask says; only ours must be closed.
      var parent = folder.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectories(folder, FOLDER);
    }
    checkFolder();
  }

  private void checkFolder() throws IOException {
    var found = attributes(folder);
    if ((mode(found) & KIND) != DIRECTORY) {
      throw new UnsafeException(folder, "is not a folder", "move it away");
    }
    checkOwner(folder, found);
    if ((mode(found) & WRITING_BY_OTHERS) != 0) {
      throw new UnsafeException(folder, "can be written by others", "chmod 700 " + quoted(folder));
    }
  }

  private static void check(Path file) throws IOException {
    var found = attributes(file);
    if ((mode(found) & KIND) != REGULAR) {
      throw new UnsafeException(file, "is not a plain file", "rm " + quoted(file));
    }
    checkOwner(file, found);
    if ((mode(found) & ANYBODY_ELSE) != 0) {
      throw new UnsafeException(
          file, "can be read or written by others", "chmod 600 " + quoted(file));
    }
  }

  private static void checkOwner(Path file, Map<String, Object> found) throws IOException {
    if (!Integer.valueOf(Whoami.uid(file)).equals(found.get("uid"))) {
      throw new UnsafeException(
          file, "belongs to somebody else", "move it away, then: daypass login");
    }
  }

  private static Map<String, Object> attributes(Path file) throws IOException {
    return Files.readAttributes(file, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
  }

  private static int mode(Map<String, Object> attributes) {
    return attributes.get("mode") instanceof Integer mode ? mode : ANYBODY_ELSE;
  }

  private static String quoted(Path file) {
    var text = file.toString();
    return text.chars().allMatch(c -> Character.isLetterOrDigit(c) || "/._-+@:".indexOf(c) >= 0)
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }
}
