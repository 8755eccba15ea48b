package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.LedgerQuery.Order;
import io.daypass.ledger.WrittenEntry;
import io.daypass.request.RefusalCode;
import io.daypass.request.SuspensionDesk;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.daypass.web.api.LedgerReading.Read;
import io.daypass.web.api.LedgerReading.Wanted;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Reading the ledger, for auditors; and the stop switch, for administrators. */
record LedgerRoutes(
    Door door,
    LedgerReading reading,
    Ledger ledger,
    SuspensionDesk suspensions,
    Refusals refusals) {

  private static final int PAGE = 100;
  private static final int EXPORT = 5_000;
  private static final Set<String> REASON = Set.of("reason");

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/ledger", Lane.WORK, Body.NONE, door.callers(this::list))
            .parameters(LedgerReading.parameters()),
        new Route("GET", "/v1/ledger/export", Lane.WORK, Body.NONE, door.callers(this::export))
            .parameters(exported()),
        new Route(
            "POST", "/v1/stop", Lane.URGENT, Body.JSON, door.deciders((c, w) -> set(c, w, true))),
        new Route(
            "POST",
            "/v1/resume",
            Lane.URGENT,
            Body.JSON,
            door.deciders((c, w) -> set(c, w, false))));
  }

  private Answer list(Call call, Caller caller) {
    return switch (reading.read(call, caller, wanted(call, PAGE))) {
      case Read.No(var problem) -> problem.answer();
      case Read.Entries(var entries, var cursor) -> {
        var shown = entries.stream().map(Show::entry).toList();
        yield Answer.json(200, Json.write(new Wire.LedgerPage(shown, cursor)));
      }
    };
  }

  private Answer export(Call call, Caller caller) {
    var format = call.parameter("format").orElse("jsonl");
    if (!format.equals("jsonl") && !format.equals("csv")) {
      return Translation.invalid("format", "jsonl or csv").answer();
    }
    return switch (reading.read(call, caller, wanted(call, EXPORT))) {
      case Read.No(var problem) -> problem.answer();
      case Read.Entries(var entries, var cursor) -> {
        var lines = format.equals("csv") ? csv(entries) : jsonl(entries);
        var type = format.equals("csv") ? "text/csv; charset=utf-8" : "application/jsonl";
        var answer =
            new Answer(200, type, Buffer.buffer(lines))
                .header("Content-Disposition", "attachment; filename=\"ledger." + format + "\"");
        // What follows is asked for with this; the body stays nothing but entries.
        yield cursor == null ? answer : answer.header("Daypass-Cursor", cursor);
      }
    };
  }

  private static String[] exported() {
    return Stream.concat(Stream.of(LedgerReading.parameters()), Stream.of("format"))
        .toArray(String[]::new);
  }

  private static Wanted wanted(Call call, int limit) {
    return new Wanted(call::parameter, Order.OLDEST_FIRST, limit);
  }

  private static String jsonl(List<WrittenEntry> entries) {
    var lines = new StringBuilder();
    entries.forEach(entry -> lines.append(Json.write(Show.entry(entry))).append('\n'));
    return lines.toString();
  }

  private static String csv(List<WrittenEntry> entries) {
    var lines =
        new StringBuilder(
            "number,at,kind,request,issuance,role,issuer,subject,sha256,canonical\r\n");
    for (var entry : entries) {
      var shown = Show.entry(entry);
      var cells = new ArrayList<String>();
      for (var value :
          new Object[] {
            shown.number(), shown.at(), shown.kind(), shown.request(), shown.issuance(),
            shown.role(), shown.issuer(), shown.subject(), shown.sha256(), shown.canonical()
          }) {
        cells.add(cell(value == null ? "" : value.toString()));
      }
      lines.append(String.join(",", cells)).append("\r\n");
    }
    return lines.toString();
  }

  // RFC 4180; and a cell that a spreadsheet would take for a formula is made text.
  private static String cell(String value) {
    var formula = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0;
    return '"' + (formula ? "'" : "") + value.replace("\"", "\"\"") + '"';
  }

  private Answer set(Call call, Caller caller, boolean stopped) {
    var objection = suspensions.objection(caller, door.circumstances(call));
    if (objection.isPresent()) {
      var problem =
          objection.get() == RefusalCode.NOT_ALLOWED
              ? Translation.notAllowed("only administrators stop and resume issuing")
              : Translation.of(objection.get());
      return refusals.ofOffice(call, caller, null, problem).answer();
    }
    return switch (Fields.of(call.body(), REASON)) {
      case Fields.Refused(var problem) -> problem.answer();
      case Fields.Read read -> {
        var input = new Input(read.members());
        var reason = input.proseOrEmpty("reason");
        yield input
            .problem()
            .map(Problem::answer)
            .orElseGet(() -> switched(call, caller, stopped, reason));
      }
    };
  }

  private Answer switched(Call call, Caller caller, boolean stopped, String reason) {
    var detail = new HashMap<String, Object>();
    detail.put("reason", reason);
    detail.put("source_ip", call.peer());
    var kind = stopped ? EntryKind.STOP : EntryKind.RESUME;
    var changed =
        ledger.setStopped(stopped, new Entry(kind, null, null, null, caller.id(), detail));
    return Answer.json(200, Json.write(new Wire.Stopped(stopped, changed)));
  }
}
