package io.daypass.cli.child;

import io.daypass.cli.client.PrivateFolder;
import io.daypass.cloud.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file with a token and nothing else, for tools that read one each time they need it: there
 * before the command starts, replaced as a whole when there is a newer token, and gone when there
 * is none that is good.
 */
public final class TokenFile implements AutoCloseable {

  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Each time that there is none is asked for and written down by the broker. */
  private static final Duration FIRST_REST = Duration.ofSeconds(10);

  private static final Duration LONGEST_REST = Duration.ofMinutes(5);

  private final PrivateFolder folder;
  private final String name;
  private final Supplier<Optional<Secret>> source;
  private final Pause pause;
  private @Nullable String written;
  private @Nullable Thread watch;

  /** Lets time pass. */
  @FunctionalInterface
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  TokenFile(Path folder, String name, Supplier<Optional<Secret>> source, Pause pause)
      throws IOException {
    this.folder = new PrivateFolder(folder);
    this.name = name;
    this.source = source;
    this.pause = pause;
    look();
  }

  /**
   * Keeps the file until closed.
   *
   * @param folder closed to others
   * @param source what is good now; asked every second while there is something
   */
  public static TokenFile keep(Path folder, String name, Supplier<Optional<Secret>> source)
      throws IOException {
    var file = new TokenFile(folder, name, source, Thread::sleep);
    file.watch = Thread.ofVirtual().start(file::keep);
    return file;
  }

  public Path path() {
    return folder.path(name);
  }

  /** Looks again and again; ends when it is interrupted. */
  void keep() {
    var rest = LOOK;
    try {
      while (true) {
        pause.of(rest);
        rest = tried() ? LOOK : longer(rest);
      }
    } catch (InterruptedException _) {
      // The command has ended.
    }
  }

  private static Duration longer(Duration rest) {
    if (rest.equals(LOOK)) {
      return FIRST_REST;
    }
    var twice = rest.multipliedBy(2);
    return twice.compareTo(LONGEST_REST) < 0 ? twice : LONGEST_REST;
  }

  private boolean tried() {
    try {
      return look();
    } catch (IOException _) {
      // No room on the disk, maybe for a moment.
      return false;
    }
  }

  private boolean look() throws IOException {
    var token = source.get().map(Secret::reveal).orElse(null);
    if (token == null) {
      folder.delete(name);
    } else if (!token.equals(written)) {
      folder.write(name, token);
    }
    written = token;
    return token != null;
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.interrupt();
    }
  }
}
