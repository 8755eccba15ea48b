package io.daypass.cli;

import picocli.CommandLine.Option;

/** Whether to wait for people. */
final class WaitOption {

  @Option(
      names = "--wait",
      negatable = true,
      description = "Wait until it is decided; without it, say what it waits for and end.")
  private boolean wanted;

  boolean isWanted() {
    return wanted;
  }
}
