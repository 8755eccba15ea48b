package io.daypass.cli;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** Where the policies are. */
final class PolicyFolder {

  @Parameters(
      arity = "0..1",
      defaultValue = "policies",
      paramLabel = "DIR",
      description = "The folder of the policies (default: policies).")
  private Path dir;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  PolicyFolder() {}

  Path dir() {
    return dir;
  }
}
