package io.daypass.cli.screen;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What our output goes to.
 *
 * @param out whether standard output is a terminal
 * @param err whether standard error is one
 */
public record Screen(boolean out, boolean err, Map<String, String> environment) {

  private static final int NARROWEST = 20;
  private static final int WIDEST = 1000;
  private static final Pattern SIZE = Pattern.compile("[0-9]{1,5} ([0-9]{1,5})\\s*");

  public Screen {
    environment = Map.copyOf(environment);
  }

  /** Files and pipes, as programs read them. */
  public static Screen none() {
    return new Screen(false, false, Map.of());
  }

  /** The one of this process. */
  public static Screen ofProcess(Map<String, String> environment) {
    return new Screen(isTerminal(1), isTerminal(2), environment);
  }

  /** The columns that tables may take; empty if they go to a file or a pipe. */
  public OptionalInt width() {
    return out ? columns() : OptionalInt.empty();
  }

  /** How a line on standard error can show what is going on. */
  public StatusLine.Ability status() {
    // Without cursor movement (TERM=dumb, or a log) lines can only follow each other.
    var live = err && !isDumb();
    return new StatusLine.Ability(
        live, live && isUnicode(), live ? columns() : OptionalInt.empty());
  }

  private boolean isDumb() {
    var term = environment.getOrDefault("TERM", "");
    return term.isEmpty() || term.equals("dumb");
  }

  // POSIX, "Environment Variables": LC_ALL before LC_CTYPE before LANG.
  private boolean isUnicode() {
    for (var name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      var locale = environment.getOrDefault(name, "");
      if (!locale.isEmpty()) {
        var upper = locale.toUpperCase(Locale.ROOT);
        return upper.contains("UTF-8") || upper.contains("UTF8");
      }
    }
    return false;
  }

  private OptionalInt columns() {
    var set = environment.getOrDefault("COLUMNS", "");
    if (set.matches("[1-9][0-9]{0,4}")) {
      return within(Integer.parseInt(set));
    }
    try {
      var stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Redirect.from(Path.of("/dev/tty").toFile()))
              .redirectError(Redirect.DISCARD)
              .start();
      var size =
          SIZE.matcher(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
      return size.matches() ? within(Integer.parseInt(size.group(1))) : OptionalInt.empty();
    } catch (IOException _) {
      return OptionalInt.empty();
    }
  }

  private static OptionalInt within(int columns) {
    return columns == 0
        ? OptionalInt.empty()
        : OptionalInt.of(Math.clamp(columns, NARROWEST, WIDEST));
  }

  /** Whether the file of this number is a terminal, as test(1) says it. */
  private static boolean isTerminal(int file) {
    try {
      var link = Path.of("/proc/self/fd/" + file);
      if (Files.isSymbolicLink(link)) {
        var target = Files.readSymbolicLink(link).toString();
        return target.startsWith("/dev/pts/")
            || target.startsWith("/dev/tty")
            || target.equals("/dev/console");
      }
      return new ProcessBuilder("test", "-t", Integer.toString(file)).inheritIO().start().waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
