package io.daypass.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code daypass aws}. */
@Command(
    name = "aws",
    description = "Credentials and profiles for AWS.",
    mixinStandardHelpOptions = true)
final class AwsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  AwsCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: daypass aws credentials, or daypass aws configure");
  }
}
