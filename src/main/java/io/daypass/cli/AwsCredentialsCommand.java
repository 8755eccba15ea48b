package io.daypass.cli;

import io.daypass.cli.client.Local;
import io.daypass.cli.credential.AwsProcess;
import io.daypass.cli.credential.Quick;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code daypass aws credentials ROLE}; as SDKs call it, {@link Quick} is there before. */
@Command(
    name = "credentials",
    description = "Print a role's keys as the JSON that AWS tools take from a credential_process.")
final class AwsCredentialsCommand extends ClientCommand {

  @Parameters(paramLabel = "ROLE", description = "the role; daypass roles lists them")
  private String role;

  @SuppressWarnings("NullAway.Init")
  AwsCredentialsCommand(Local local) {
    super(local);
  }

  @Override
  int run() {
    return Quick.run(role, new AwsProcess(), local(), out(), this::note);
  }
}
