package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daypass request}. */
@Command(
    name = "request",
    description = "Ask for a role.",
    footer = {
      "",
      "Exit code 0 if you have it, 1 if not, 3 if somebody must approve it first.",
    })
final class RequestCommand extends PeopleCommand {

  @Parameters(paramLabel = "ROLE", description = "The role's name, as daypass roles lists it.")
  private String role;

  @Option(
      names = "--starts-at",
      paramLabel = "TIME",
      description = "When it is to start, such as 2027-01-31T08:00 or 2027-01-31T08:00Z.")
  private @Nullable String startsAt;

  @Mixin private AskingOptions asking;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  RequestCommand(Local local, Tools tools) {
    super(local, tools);
  }

  @Override
  int run() {
    var members = new HashMap<String, @Nullable Object>();
    members.put("role", Inputs.role(role));
    members.put("starts_at", startsAt == null ? null : instant(startsAt));
    return asking.ask(this, api(), "/v1/requests", members, role);
  }

  /** With an offset, or by the clock on the wall. */
  private String instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().toString();
    } catch (DateTimeParseException _) {
      try {
        return LocalDateTime.parse(text).atZone(tools().zone()).toInstant().toString();
      } catch (DateTimeException _) {
        throw Failure.usage(
            "--starts-at is a time such as 2027-01-31T08:00", "daypass request --help");
      }
    }
  }
}
