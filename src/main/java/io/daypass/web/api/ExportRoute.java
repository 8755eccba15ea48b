package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.ledger.LedgerQuery.Order;
import io.daypass.ledger.WrittenEntry;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.daypass.web.api.LedgerReading.Read;
import io.daypass.web.api.LedgerReading.Wanted;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ledger as a file, in large pages: for auditors, one of each at a time. */
record ExportRoute(Door door, LedgerReading reading, Turns turns) {

  private static final int MOST = 5_000;

  Route route() {
    var parameters = Stream.concat(Stream.of(LedgerReading.parameters()), Stream.of("format"));
    return new Route("GET", "/v1/ledger/export", Lane.WORK, Body.NONE, door.callers(this::inTurn))
        .parameters(parameters.toArray(String[]::new));
  }

  private Answer inTurn(Call call, Caller caller) {
    var format = call.parameter("format").orElse("jsonl");
    if (!format.equals("jsonl") && !format.equals("csv")) {
      return Translation.invalid("format", "jsonl or csv").answer();
    }
    // Before there is a turn: those who may not read take none away.
    return reading
        .objection(call, caller)
        .map(Problem::answer)
        .orElseGet(() ->
            switch (turns.take(caller.id())) {
              case SECOND -> Translation.oneAtATime().answer();
              case TOO_MANY -> Translation.exportsUnderWay().answer();
              case TAKEN -> {
                // Not before the answer has gone: until then it is in memory.
                call.waiter().afterwards(() -> turns.end(caller.id()));
                yield export(call, caller, format);
              }
            });
  }

  private Answer export(Call call, Caller caller, String format) {
    var wanted = new Wanted(call::parameter, Order.OLDEST_FIRST, MOST);
    return switch (reading.read(call, caller, wanted)) {
      case Read.No(var problem) -> problem.answer();
      case Read.Entries(var entries, var cursor) -> {
        var answer =
            (format.equals("csv")
                    ? new Answer(200, "text/csv; charset=utf-8", csv(entries))
                    : new Answer(200, "application/jsonl", jsonl(entries)))
                .header("Content-Disposition", "attachment; filename=\"ledger." + format + "\"");
        // What follows is asked for with this; the body stays nothing but entries.
        yield cursor == null ? answer : answer.header("Daypass-Cursor", cursor);
      }
    };
  }

  private static Buffer jsonl(List<WrittenEntry> entries) {
    var lines = Buffer.buffer();
    for (var entry : entries) {
      lines.appendString(Json.write(Show.entry(entry))).appendString("\n");
    }
    return lines;
  }

  private static Buffer csv(List<WrittenEntry> entries) {
    var lines =
        Buffer.buffer("number,at,kind,request,issuance,role,issuer,subject,sha256,canonical\r\n");
    for (var entry : entries) {
      var shown = Show.entry(entry);
      var cells =
          Stream.of(
                  Long.toString(shown.number()),
                  shown.at(),
                  shown.kind(),
                  text(shown.request()),
                  text(shown.issuance()),
                  text(shown.role()),
                  text(shown.issuer()),
                  text(shown.subject()),
                  shown.sha256(),
                  shown.canonical())
              .map(ExportRoute::cell);
      lines.appendString(cells.collect(Collectors.joining(",", "", "\r\n")));
    }
    return lines;
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  // RFC 4180; and a cell that a spreadsheet would take for a formula is made text.
  private static String cell(String value) {
    var formula = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0;
    return '"' + (formula ? "'" : "") + value.replace("\"", "\"\"") + '"';
  }
}
