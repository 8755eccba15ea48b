package io.daypass.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the settings are. */
final class ConfigOption {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "the settings (default: daypass.yaml; without that file, the environment alone where it"
              + " has DAYPASS_PUBLIC_URL)")
  private @Nullable Path file;

  /** Null where nobody said. */
  @Nullable Path file() {
    return file;
  }
}
