package io.daypass.cli;

import io.daypass.cli.client.Local;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code daypass extend}. */
@Command(
    name = "extend",
    description = "Ask for more time; a request of its own, which starts where the first one ends.",
    footer = {
      "",
      "Exit code 0 if you have it, 1 if not, 3 if somebody must approve it first.",
    })
final class ExtendCommand extends PeopleCommand {

  @Parameters(paramLabel = "ID", description = "The request to extend, or how its id starts.")
  private String id;

  @Mixin private AskingOptions asking;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  ExtendCommand(Local local, Tools tools) {
    super(local, tools);
  }

  @Override
  int run() {
    var api = api();
    var found = Found.id(this, api, id);
    return asking.ask(this, api, "/v1/requests/" + found + "/extend", Map.of(), null);
  }
}
