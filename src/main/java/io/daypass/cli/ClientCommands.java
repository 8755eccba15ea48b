package io.daypass.cli;

import io.daypass.cli.client.Local;
import java.util.List;
import picocli.CommandLine;

/** The commands of people, in the order the help names them. */
final class ClientCommands {

  private ClientCommands() {}

  static List<CommandLine> all(Local local, Tools tools) {
    return List.of(
        new CommandLine(new LoginCommand(local, tools.unguessable())),
        new CommandLine(new LogoutCommand(local)),
        new CommandLine(new WhoamiCommand(local)),
        new CommandLine(new RolesCommand(local, tools)),
        new CommandLine(new ExplainCommand(local, tools)),
        new CommandLine(new RequestCommand(local, tools)),
        new CommandLine(new RequestsCommand(local, tools)),
        new CommandLine(new WaitCommand(local, tools)),
        new CommandLine(new DecisionCommands.Approve(local, tools)),
        new CommandLine(new DecisionCommands.Deny(local, tools)),
        new CommandLine(new DecisionCommands.Cancel(local, tools)),
        new CommandLine(new DecisionCommands.Return(local, tools)),
        new CommandLine(new ExtendCommand(local, tools)),
        new CommandLine(new DecisionCommands.Revoke(local, tools)),
        new CommandLine(new ConsoleCommand(local, tools)),
        new CommandLine(new ExecCommand(local, tools)),
        new CommandLine(new EnvCommand(local, tools)),
        new CommandLine(new AwsCommand())
            .addSubcommand(new AwsCredentialsCommand(local))
            .addSubcommand(new AwsConfigureCommand(local)),
        new CommandLine(new TokenCommands.Google())
            .addSubcommand(new TokenCommands.GoogleToken(local))
            .addSubcommand(new TokenCommands.GoogleCredentials(local))
            .addSubcommand(new TokenCommands.GoogleConfig(local)),
        new CommandLine(new TokenCommands.Azure())
            .addSubcommand(new TokenCommands.AzureToken(local)),
        new CommandLine(new TokenCommands.Kube())
            .addSubcommand(new TokenCommands.KubeCredentials(local)),
        new CommandLine(new TokenCommands.OidcToken(local)),
        new CommandLine(new AuditCommands.Audit())
            .addSubcommand(new AuditCommands.Listing(local, tools))
            .addSubcommand(new AuditCommands.Export(local, tools))
            .addSubcommand(new AuditCommands.Newest(local))
            .addSubcommand(new AuditVerifyCommand(local, tools)));
  }
}
