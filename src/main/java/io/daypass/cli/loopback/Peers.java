package io.daypass.cli.loopback;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Who is at the other end of a connection within this machine. Other people on it can read our
 * command lines, and could be quicker than the browser; Linux says whose socket it is (proc(5),
 * {@code /proc/net/tcp}). Other systems do not, and there the answer is always yes.
 */
final class Peers {

  private static final long ROOT = 0;
  // What is left of a connection belongs to nobody, and is written down as root's.
  private static final String TIME_WAIT = "06";

  private final Path proc;

  Peers() {
    this(Path.of("/proc"));
  }

  Peers(Path proc) {
    this.proc = proc;
  }

  /**
   * Whether the socket at {@code itsPort} that is connected to {@code ourPort} is this person's, or
   * root's, who sees all anyway.
   */
  boolean isOurs(int itsPort, int ourPort) {
    var self = self();
    var owner = owner(itsPort, ourPort);
    // A socket that is not listed is one of another network namespace, such as a container's.
    return self.isEmpty()
        || owner.isEmpty()
        || owner.getAsLong() == self.getAsLong()
        || owner.getAsLong() == ROOT;
  }

  private OptionalLong self() {
    try {
      return Files.getAttribute(proc.resolve("self"), "unix:uid") instanceof Integer uid
          ? OptionalLong.of(uid)
          : OptionalLong.empty();
    } catch (IOException | UnsupportedOperationException _) {
      return OptionalLong.empty();
    }
  }

  private OptionalLong owner(int itsPort, int ourPort) {
    for (var table : List.of("net/tcp", "net/tcp6")) {
      var owner = owner(proc.resolve(table), here(itsPort), here(ourPort));
      if (owner.isPresent()) {
        return owner;
      }
    }
    return OptionalLong.empty();
  }

  /** 127.0.0.1 and a port as the kernel writes them, also at the end of an IPv6 address. */
  private static String here(int port) {
    return String.format(Locale.ROOT, "0100007F:%04X", port);
  }

  private static OptionalLong owner(Path table, String local, String remote) {
    try (var lines = Files.lines(table)) {
      return lines
          .map(line -> line.strip().split("\\s+", -1))
          .filter(fields -> fields.length > 7 && !fields[3].equals(TIME_WAIT))
          .filter(fields -> fields[1].endsWith(local) && fields[2].endsWith(remote))
          .mapToLong(fields -> Long.parseLong(fields[7]))
          .findFirst();
    } catch (IOException | NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
