package io.daypass.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How somebody asks for time: how long, what for, and whether they wait for people. */
final class AskingOptions {

  @Option(
      names = "--for",
      required = true,
      paramLabel = "DURATION",
      description = "How long, such as 30m, 8h or 1h30m.")
  private String duration;

  @Option(
      names = "--reason",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "What you need it for; approvers and auditors read it.")
  private String reason;

  @Option(names = "--ticket", paramLabel = "TICKET", description = "The ticket it is for.")
  private @Nullable String ticket;

  @Option(
      names = "--wait",
      negatable = true,
      description = "Wait until it is decided; without it, say what it waits for and end.")
  private boolean waits;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  AskingOptions() {}

  /**
   * Asks, says what came of it, and answers the exit code.
   *
   * @param more members of the body beside those that are here; null ones are left out
   * @param role the role it is about, where that is known
   */
  int ask(
      PeopleCommand command,
      Api api,
      String path,
      Map<String, ? extends @Nullable Object> more,
      @Nullable String role) {
    var members = new HashMap<String, @Nullable Object>(more);
    members.put("duration", Inputs.duration(duration));
    members.put("reason", reason);
    members.put("ticket", ticket);
    var made =
        new Asking(api, Thread::sleep, command.tools().unguessable().get())
            .ask(path, members, role);
    return new Outcome(command, api, Outcome.Whose.MINE).asked(made, waits);
  }
}
