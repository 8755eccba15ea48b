package io.daypass.cli.credential;

import io.daypass.cli.client.Local;
import io.daypass.cli.client.Lock;
import io.daypass.cli.client.PrivateFolder;
import io.daypass.cli.client.PrivateFolder.UnsafeException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * The credentials of one caller, one file for each role and format. It helps where it can: a disk
 * that is full or a folder that cannot be written is said once, and nothing else changes.
 */
public final class Cache {

  private final PrivateFolder folder;
  private final Consumer<String> notes;
  private boolean said;

  /** The cache of whoever has this {@code scope}; {@code notes} hears of trouble. */
  public Cache(Local local, String scope, Consumer<String> notes) {
    this.folder = new PrivateFolder(root(local).resolve(scope));
    this.notes = notes;
  }

  private static Path root(Local local) {
    return local.cacheFolder().resolve("credentials");
  }

  Optional<Held> find(String name) {
    try {
      return folder.read(name).flatMap(Held::read);
    } catch (IOException e) {
      trouble(e);
      return Optional.empty();
    }
  }

  void keep(String name, Held held) {
    try {
      folder.write(name, held.text());
    } catch (IOException e) {
      trouble(e);
    }
  }

  void drop(String name) {
    try {
      folder.delete(name);
    } catch (IOException e) {
      trouble(e);
    }
  }

  /** Empty if another process holds it, or if there can be none here. */
  Optional<Lock> tryLock(String name) {
    try {
      return folder.tryLock(name);
    } catch (IOException e) {
      trouble(e);
      return Optional.empty();
    }
  }

  /** Waits for it; empty if there can be none here. */
  Optional<Lock> lock(String name) {
    if (said) {
      return Optional.empty();
    }
    try {
      return Optional.of(folder.lock(name));
    } catch (IOException e) {
      trouble(e);
      return Optional.empty();
    }
  }

  private void trouble(IOException e) {
    if (!said) {
      said = true;
      var why =
          e instanceof UnsafeException unsafe
              ? unsafe.failure().error() + ", mend it with: " + unsafe.failure().hint()
              : folder.path("") + " cannot be written";
      notes.accept("working without a cache: " + why);
    }
  }

  /** Forgets everything of a caller. */
  public static void forget(Local local, String scope) {
    try {
      empty(root(local).resolve(scope), "*");
      Files.deleteIfExists(root(local).resolve(scope));
    } catch (IOException _) {
      // What is left is the caller's own, closed to others, and ends by itself.
    }
  }

  /** Forgets, for all callers of this machine, what came under a request that has ended. */
  public static void forgetRequest(Local local, String request) {
    try (var scopes = Files.newDirectoryStream(root(local))) {
      for (var scope : scopes) {
        forget(scope, (_, held) -> held.request().equals(request));
      }
    } catch (IOException _) {
      // As above.
    }
  }

  /**
   * Forgets what a caller has of a role by other requests than this one, which gives it from now
   * on: they may have been ended elsewhere.
   */
  public static void forgetOthers(Local local, String scope, String role, String request) {
    try {
      forget(root(local).resolve(scope), others(role, request));
    } catch (IOException _) {
      // As above.
    }
  }

  /** Whether {@link #forgetOthers} would forget anything. */
  public static boolean hasOthers(Local local, String scope, String role, String request) {
    try {
      var folder = root(local).resolve(scope);
      return !names(new PrivateFolder(folder), folder, others(role, request)).isEmpty();
    } catch (IOException _) {
      return false;
    }
  }

  private static BiPredicate<String, Held> others(String role, String request) {
    return (name, held) -> isOf(role, name) && !held.request().equals(request);
  }

  /** Whether a file named {@code FORMAT.ROLE} is of this role. */
  private static boolean isOf(String role, String name) {
    return name.substring(name.indexOf('.') + 1).equals(role);
  }

  private static void forget(Path scope, BiPredicate<String, Held> which) throws IOException {
    var folder = new PrivateFolder(scope);
    for (var name : names(folder, scope, which)) {
      folder.delete(name);
    }
  }

  private static List<String> names(PrivateFolder folder, Path scope, BiPredicate<String, Held> of)
      throws IOException {
    var names = new ArrayList<String>();
    try (var files = Files.newDirectoryStream(scope)) {
      for (var file : files) {
        var name = String.valueOf(file.getFileName());
        if (!name.endsWith(".lock")
            && folder.read(name).flatMap(Held::read).filter(h -> of.test(name, h)).isPresent()) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static void empty(Path folder, String glob) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}
