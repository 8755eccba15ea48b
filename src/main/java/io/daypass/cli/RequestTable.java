package io.daypass.cli;

import io.daypass.cli.screen.Table;
import io.daypass.cli.screen.Table.Column;
import io.daypass.web.api.Wire;
import java.time.Instant;
import java.util.List;

/** Requests, a line each. */
final class RequestTable {

  private RequestTable() {}

  static List<String> lines(PeopleCommand command, List<Wire.Request> requests) {
    var times = command.times();
    var table =
        new Table(
            Column.whole("ID"),
            Column.whole("STATE"),
            Column.cut("ROLE"),
            Column.cut("WHO"),
            Column.whole("FOR"),
            Column.whole("ASKED"),
            Column.cut("REASON"));
    for (var request : requests) {
      table.add(
          request.id(),
          request.state(),
          request.role(),
          request.requester().shownAs(),
          Sentences.agreed(request),
          times.at(Instant.parse(request.madeAt())),
          request.ticket() == null ? request.reason() : request.ticket() + " " + request.reason());
    }
    return table.lines(command.screen().width());
  }

  /** Beside the output: what an id that was cut too short could mean. */
  static void note(PeopleCommand command, List<Wire.Request> requests) {
    lines(command, requests).forEach(command.errors()::println);
    command.errors().flush();
  }
}
