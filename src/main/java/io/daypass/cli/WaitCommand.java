package io.daypass.cli;

import io.daypass.cli.client.Local;
import io.daypass.web.api.Wire;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code daypass wait}. */
@Command(
    name = "wait",
    description = "Wait until a request is decided.",
    footer = {"", "Exit code 0 if it was approved, 1 if not."})
final class WaitCommand extends PeopleCommand {

  @Parameters(paramLabel = "ID", description = "The request, or how its id starts.")
  private String id;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  WaitCommand(Local local, Tools tools) {
    super(local, tools);
  }

  @Override
  int run() {
    var api = api();
    var found = Found.id(this, api, id);
    var request = api.get("/v1/requests/" + found, Wire.Request.class).orFail();
    var outcome = new Outcome(this, api, Outcome.Whose.ANYBODYS);
    return Outcome.isPending(request.value())
        ? outcome.waited(request.value())
        : outcome.decided(request, false);
  }
}
