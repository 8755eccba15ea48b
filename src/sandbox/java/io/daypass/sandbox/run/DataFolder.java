package io.daypass.sandbox.run;

import io.daypass.sandbox.Files600;
import io.daypass.sandbox.postgres.Orphans;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Where a sandbox keeps what should outlive it; one sandbox at a time. */
public final class DataFolder implements AutoCloseable {

  private final Path path;
  private final FileChannel channel;
  private final SecureRandom random = new SecureRandom();

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Takes the folder, made if it is not there, for this process.
   *
   * @throws CannotRun if another sandbox has it
   */
  public static DataFolder take(Path path) throws IOException, CannotRun {
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    // The lock goes with its process, also after a kill -9: no stale one can stay behind.
    var channel =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw new CannotRun(
          "a sandbox is already running on " + path + pid(path),
          "use it, or stop it with Ctrl-C where it was started");
    }
    Files.writeString(path.resolve("pid"), String.valueOf(ProcessHandle.current().pid()));
    return new DataFolder(path, channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String pid(Path path) throws IOException {
    var file = path.resolve("pid");
    return Files.exists(file) ? " (process " + Files.readString(file).strip() + ")" : "";
  }

  public Path file(String name) {
    return path.resolve(name).toAbsolutePath();
  }

  /** The text kept under {@code name}, readable by its owner only; made up at the first time. */
  public Path secretText(String name) throws IOException {
    var bytes = new byte[24];
    random.nextBytes(bytes);
    return keep(
        name, HexFormat.of().formatHex(bytes).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  /** The same with 32 random bytes as they are. */
  public Path secretKey(String name) throws IOException {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return keep(name, bytes);
  }

  private Path keep(String name, byte[] bytes) throws IOException {
    var file = file("secrets").resolve(name);
    if (!Files.exists(file)) {
      Files600.write(file, bytes);
    }
    return file;
  }

  /** Stops the broker that a killed sandbox left running. */
  public void stopOrphanedBroker() throws IOException {
    var file = file("broker.pid");
    if (!Files.exists(file)) {
      return;
    }
    // The number may be another program's by now: ours has this folder's settings as argument.
    var broker =
        Orphans.process(Files.readString(file))
            .filter(process -> Orphans.runs(process, file("daypass.yaml").toString()));
    if (broker.isPresent()) {
      Orphans.stop(broker.get());
    }
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path.resolve("pid"));
    channel.close();
  }
}
