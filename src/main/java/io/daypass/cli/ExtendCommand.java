package io.daypass.cli;

import io.daypass.cli.client.Local;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

  @Option(
      names = "--for",
      required = true,
      paramLabel = "DURATION",
      description = "How much longer, such as 1h.")
  private String duration;

  @Option(
      names = "--reason",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "What you need it for; approvers and auditors read it.")
  private String reason;

  @Option(names = "--ticket", paramLabel = "TICKET", description = "The ticket it is for.")
  private @Nullable String ticket;

  @Mixin private WaitOption waiting;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  ExtendCommand(Local local, Tools tools) {
    super(local, tools);
  }

  @Override
  int run() {
    var members = new HashMap<String, @Nullable Object>();
    members.put("duration", Inputs.duration(duration));
    members.put("reason", reason);
    members.put("ticket", ticket);
    var api = api();
    var found = Found.id(api, id, requests -> RequestTable.note(this, requests));
    var made =
        new Asking(api, Thread::sleep, tools().unguessable().get())
            .ask("/v1/requests/" + found + "/extend", members, null);
    return new Outcome(this, api).asked(made, waiting.isWanted());
  }
}
