package io.daypass.cli;

import io.daypass.cli.client.Local;
import java.util.List;
import picocli.CommandLine;

/** The commands of people, in the order the help names them. */
final class ClientCommands {

  private ClientCommands() {}

  static List<CommandLine> all(Local local) {
    return List.of(new CommandLine(new WhoamiCommand(local)));
  }
}
