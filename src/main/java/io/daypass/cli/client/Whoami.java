package io.daypass.cli.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The number of the user this process runs as. */
final class Whoami {

  private static final Path SELF = Path.of("/proc/self");

  private Whoami() {}

  /**
   * From the kernel where it says so; elsewhere by the user's name.
   *
   * @param near a file whose file system knows users
   */
  static int uid(Path near) throws IOException {
    if (Files.exists(SELF) && Files.getAttribute(SELF, "unix:uid") instanceof Integer uid) {
      return uid;
    }
    var user =
        near.getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(System.getProperty("user.name"));
    var home = Path.of(System.getProperty("user.home"));
    if (user.equals(Files.getOwner(home, LinkOption.NOFOLLOW_LINKS))
        && Files.getAttribute(home, "unix:uid", LinkOption.NOFOLLOW_LINKS) instanceof Integer uid) {
      return uid;
    }
    throw new IOException("cannot tell whose files are whose");
  }
}
