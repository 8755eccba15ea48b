package io.daypass.cli.child;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** A shell that variables are set in, and how it quotes. */
public enum Shell {
  POSIX {
    @Override
    public String set(String name, String value) {
      return "export " + name + "='" + value.replace("'", "'\\''") + "'";
    }

    @Override
    public String unset(String name) {
      return "unset " + name;
    }
  },
  FISH {
    @Override
    public String set(String name, String value) {
      return "set -gx " + name + " '" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    @Override
    public String unset(String name) {
      return "set -e " + name;
    }
  },
  POWERSHELL {
    @Override
    public String set(String name, String value) {
      // about_Quoting_Rules: doubled; and PowerShell takes typographic quotes for the same.
      return "$env:"
          + name
          + " = '"
          + value.replaceAll("(['\u2018\u2019\u201a\u201b])", "$1$1")
          + "'";
    }

    @Override
    public String unset(String name) {
      return "Remove-Item -ErrorAction SilentlyContinue Env:" + name;
    }
  };

  /** A line that gives an exported variable this very value. */
  public abstract String set(String name, String value);

  /** A line after which there is no such variable. */
  public abstract String unset(String name);

  /** A line that does nothing; {@code text} must be one line. */
  public String comment(String text) {
    return "# " + text;
  }

  /** The shell that is called so; empty if it is none that is known here. */
  public static Optional<Shell> named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "sh", "bash", "zsh", "dash", "ksh", "posix" -> Optional.of(POSIX);
      case "fish" -> Optional.of(FISH);
      case "powershell", "pwsh" -> Optional.of(POWERSHELL);
      default -> Optional.empty();
    };
  }

  /**
   * The shell that a program belongs to, by the program's path, as in {@code /usr/bin/fish} or
   * {@code pwsh.exe}.
   */
  public static Optional<Shell> ofProgram(String path) {
    var file = Path.of(path).getFileName();
    var name = file == null ? "" : file.toString();
    return named(name.endsWith(".exe") ? name.substring(0, name.length() - 4) : name);
  }
}
