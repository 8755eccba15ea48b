package io.daypass.cli;

import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Table;
import io.daypass.cli.screen.Table.Column;
import io.daypass.web.api.Wire;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code daypass roles}. */
@Command(name = "roles", description = "List the roles you may have, and what each takes.")
final class RolesCommand extends PeopleCommand {

  RolesCommand(Local local, Tools tools) {
    super(local, tools);
  }

  @Override
  int run() {
    var given = api().get("/v1/roles", Wire.Roles.class).orFail();
    if (wantsJson()) {
      json(given);
      return DONE;
    }
    var table =
        new Table(
            Column.whole("ROLE"),
            Column.whole("ACCESS"),
            Column.whole("CLOUD"),
            Column.whole("UP TO"),
            Column.cut("TAKES"),
            Column.cut("DESCRIPTION"));
    for (var role : given.value().roles()) {
      table.add(
          role.name(),
          role.access().replace('_', '-'),
          role.cloud(),
          role.maxDuration(),
          takes(role),
          role.description());
    }
    print(
        table.isEmpty()
            ? List.of("there is no role that you may have")
            : table.lines(screen().width()));
    return DONE;
  }

  private static String takes(Wire.Role role) {
    return (role.automatic() ? "at once" : Sentences.approval(role.approval()))
        + Sentences.with(role.reasonRequired(), role.ticket());
  }
}
