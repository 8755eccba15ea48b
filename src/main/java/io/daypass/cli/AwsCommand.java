package io.daypass.cli;

import picocli.CommandLine.Command;

/** {@code daypass aws}. */
@Command(
    name = "aws",
    description = "Credentials and profiles for AWS.",
    mixinStandardHelpOptions = true)
final class AwsCommand extends Group {

  AwsCommand() {
    super(": daypass aws credentials, or daypass aws configure");
  }
}
