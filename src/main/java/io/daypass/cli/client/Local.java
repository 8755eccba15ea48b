package io.daypass.cli.client;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Where a command runs: its environment variables, the person's home folder, and the clock. */
public record Local(Map<String, String> environment, Path home, InstantSource clock) {

  public Local {
    environment = Map.copyOf(environment);
  }

  /** The variable's value; one that is blank is none. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** Settings and sign-ins: {@code $XDG_CONFIG_HOME/daypass}. */
  public Path configFolder() {
    return folder("XDG_CONFIG_HOME", ".config");
  }

  /** What can be had again: {@code $XDG_CACHE_HOME/daypass}. */
  public Path cacheFolder() {
    return folder("XDG_CACHE_HOME", ".cache");
  }

  // XDG Base Directory Specification: a relative path in these variables is to be ignored.
  private Path folder(String variable, String usual) {
    return variable(variable)
        .flatMap(Local::absolute)
        .orElseGet(() -> home.resolve(usual))
        .resolve("daypass");
  }

  private static Optional<Path> absolute(String text) {
    try {
      return Optional.of(Path.of(text)).filter(Path::isAbsolute);
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }
}
