package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.LedgerQuery;
import io.daypass.ledger.WrittenEntry;
import io.daypass.request.Offices;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reading the ledger, for auditors; and the stop switch, for administrators. */
record LedgerRoutes(Door door, Ledger ledger, Offices offices, Cursors cursors, Refusals refusals) {

  private static final int PAGE = 100;
  private static final int EXPORT = 5_000;
  private static final String LIST = "ledger";
  private static final Set<String> REASON = Set.of("reason");

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/ledger", Lane.WORK, Body.NONE, door.callers(this::list))
            .parameters("since", "role", "caller", "kind", "cursor"),
        new Route("GET", "/v1/ledger/export", Lane.WORK, Body.NONE, door.callers(this::export))
            .parameters("since", "role", "caller", "kind", "cursor", "format"),
        new Route(
            "POST", "/v1/stop", Lane.URGENT, Body.JSON, door.deciders((c, w) -> set(c, w, true))),
        new Route(
            "POST",
            "/v1/resume",
            Lane.URGENT,
            Body.JSON,
            door.deciders((c, w) -> set(c, w, false))));
  }

  private sealed interface Asked {
    record Of(LedgerQuery query) implements Asked {}

    record Not(Answer answer) implements Asked {}
  }

  private Answer list(Call call, Caller caller) {
    return switch (asked(call, caller, PAGE)) {
      case Asked.Not(var answer) -> answer;
      case Asked.Of(var query) -> {
        var entries = read(call, caller, query);
        var shown = entries.stream().map(Show::entry).toList();
        var cursor = next(caller, entries, PAGE).orElse(null);
        yield Answer.json(200, Json.write(new Wire.LedgerPage(shown, cursor)));
      }
    };
  }

  private Answer export(Call call, Caller caller) {
    var format = call.parameter("format").orElse("jsonl");
    if (!format.equals("jsonl") && !format.equals("csv")) {
      return ReadingRoutes.invalid("format", "jsonl or csv");
    }
    return switch (asked(call, caller, EXPORT)) {
      case Asked.Not(var answer) -> answer;
      case Asked.Of(var query) -> {
        var entries = read(call, caller, query);
        var lines = format.equals("csv") ? csv(entries) : jsonl(entries);
        var type = format.equals("csv") ? "text/csv; charset=utf-8" : "application/jsonl";
        var answer =
            new Answer(200, type, Buffer.buffer(lines))
                .header("Content-Disposition", "attachment; filename=\"ledger." + format + "\"");
        // What follows is asked for with this; the body stays nothing but entries.
        yield next(caller, entries, EXPORT)
            .map(cursor -> answer.header("Daypass-Cursor", cursor))
            .orElse(answer);
      }
    };
  }

  private Asked asked(Call call, Caller caller, int limit) {
    if (!offices.isAuditor(caller.identity(), door.now().instant())) {
      return new Asked.Not(
          refusals.ofReading(
              door, call, caller, null, notAllowed("only auditors read the ledger")));
    }
    var since = call.parameter("since");
    var from = since.flatMap(Texts::instant);
    if (since.isPresent() && from.isEmpty()) {
      return new Asked.Not(
          ReadingRoutes.invalid("since", "an instant such as 2027-01-31T08:00:00Z"));
    }
    if (!Texts.isRole(call.parameter("role").orElse("any"))) {
      return new Asked.Not(ReadingRoutes.invalid("role", "the name of a role"));
    }
    if (call.parameter("caller").orElse("any").isBlank()) {
      return new Asked.Not(
          ReadingRoutes.invalid("caller", "a subject, or an issuer and a subject"));
    }
    var kind = call.parameter("kind");
    if (kind.isPresent()
        && Stream.of(EntryKind.values()).noneMatch(k -> k.code().equals(kind.get()))) {
      return new Asked.Not(ReadingRoutes.invalid("kind", "the kind of an entry, such as sealed"));
    }
    var cursor = call.parameter("cursor");
    var after = cursor.flatMap(text -> cursors.read(LIST, caller.id(), text)).map(Long::parseLong);
    if (cursor.isPresent() && after.isEmpty()) {
      return new Asked.Not(ReadingRoutes.badCursor().answer());
    }
    return new Asked.Of(
        new LedgerQuery(
            from.orElse(null),
            call.parameter("role").orElse(null),
            call.parameter("caller").orElse(null),
            kind.orElse(null),
            null,
            after.orElse(0L),
            limit));
  }

  /** Reading everybody's record is itself written down, first. */
  private List<WrittenEntry> read(Call call, Caller caller, LedgerQuery query) {
    var detail = new HashMap<String, Object>();
    detail.put("source_ip", call.peer());
    call.query().forEach((name, value) -> detail.put(name, value));
    detail.remove("cursor");
    detail.put("after", query.after());
    ledger.append(new Entry(EntryKind.LEDGER_READ, null, null, null, caller.id(), detail));
    return ledger.read(query);
  }

  private Optional<String> next(Caller caller, List<WrittenEntry> entries, int limit) {
    return entries.size() < limit
        ? Optional.empty()
        : Optional.of(cursors.sign(LIST, caller.id(), Long.toString(entries.getLast().number())));
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
    if (!offices.isAdministrator(caller.identity(), door.now().instant())) {
      refusals.write(call, caller, null, null, Code.NOT_ALLOWED.text());
      return notAllowed("only administrators stop and resume issuing");
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

  static Answer notAllowed(String detail) {
    return Problem.of(Code.NOT_ALLOWED, detail, "ask somebody who holds that office").answer();
  }
}
