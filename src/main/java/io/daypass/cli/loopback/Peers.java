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

  private final Path proc;

  Peers() {
    this(Path.of("/proc"));
  }

  Peers(Path proc) {
    this.proc = proc;
  }

  /** Whether the socket at {@code port} is this person's, or root's, who sees all anyway. */
  boolean isOurs(int port) {
    var self = self();
    var owner = owner(port);
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

  private OptionalLong owner(int port) {
    for (var table : List.of("net/tcp", "net/tcp6")) {
      var owner = owner(proc.resolve(table), String.format(Locale.ROOT, ":%04X", port));
      if (owner.isPresent()) {
        return owner;
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong owner(Path table, String port) {
    try (var lines = Files.lines(table)) {
      return lines
          .map(line -> line.strip().split("\\s+", -1))
          .filter(fields -> fields.length > 7 && fields[1].endsWith(port))
          // 127.0.0.1 as the kernel writes it, also within IPv6.
          .filter(fields -> fields[1].contains("0100007F:"))
          .mapToLong(fields -> Long.parseLong(fields[7]))
          .findFirst();
    } catch (IOException | NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
