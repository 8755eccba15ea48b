package io.daypass.cli.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Held by one thread of one process until it is closed; beside it the holder can leave word for
 * those who wait.
 */
public final class Lock implements AutoCloseable {

  /** Locks of files are the process's, so threads have to be told apart here. */
  private static final Set<Path> HELD_HERE = new HashSet<>();

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private Lock(Path file, FileChannel channel, FileLock lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  static Lock take(Path file) throws IOException {
    var channel = open(file);
    synchronized (HELD_HERE) {
      while (!HELD_HERE.add(file)) {
        try {
          HELD_HERE.wait();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          channel.close();
          throw new ClosedByInterruptException();
        }
      }
    }
    try {
      return new Lock(file, channel, channel.lock());
    } catch (IOException e) {
      release(file, channel);
      throw e;
    }
  }

  static Optional<Lock> tryTake(Path file) throws IOException {
    var channel = open(file);
    synchronized (HELD_HERE) {
      if (!HELD_HERE.add(file)) {
        channel.close();
        return Optional.empty();
      }
    }
    try {
      var lock = channel.tryLock();
      if (lock == null) {
        release(file, channel);
        return Optional.empty();
      }
      return Optional.of(new Lock(file, channel, lock));
    } catch (IOException e) {
      release(file, channel);
      throw e;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            LinkOption.NOFOLLOW_LINKS),
        PrivateFolder.FILE);
  }

  private static void release(Path file, FileChannel channel) throws IOException {
    synchronized (HELD_HERE) {
      HELD_HERE.remove(file);
      HELD_HERE.notifyAll();
    }
    channel.close();
  }

  /** What a holder left; empty if nothing. */
  public String word() throws IOException {
    var bytes = ByteBuffer.allocate((int) Math.min(channel.size(), PrivateFolder.LARGEST));
    channel.position(0);
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
      // until it is full
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  public void leave(String word) throws IOException {
    channel.truncate(0);
    channel.position(0);
    channel.write(ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() throws IOException {
    lock.close();
    release(file, channel);
  }
}
