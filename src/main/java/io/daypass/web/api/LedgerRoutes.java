package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.Ledger;
import io.daypass.ledger.LedgerQuery.Order;
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
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/** Reading the ledger, for auditors; and the stop switch, for administrators. */
record LedgerRoutes(
    Door door,
    LedgerReading reading,
    Ledger ledger,
    SuspensionDesk suspensions,
    Refusals refusals) {

  private static final int PAGE = 100;
  private static final Set<String> REASON = Set.of("reason");

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/ledger", Lane.WORK, Body.NONE, door.callers(this::list))
            .parameters(LedgerReading.parameters()),
        Route.gated(
            "POST", "/v1/stop", Lane.URGENT, Body.JSON, door.deciders((c, w) -> set(c, w, true))),
        Route.gated(
            "POST",
            "/v1/resume",
            Lane.URGENT,
            Body.JSON,
            door.deciders((c, w) -> set(c, w, false))));
  }

  private Answer list(Call call, Caller caller) {
    return switch (reading.read(
        call, caller, new Wanted(call::parameter, Order.OLDEST_FIRST, PAGE))) {
      case Read.No(var problem) -> problem.answer();
      case Read.Entries(var entries, var cursor) -> {
        var shown = entries.stream().map(Show::entry).toList();
        yield Answer.json(200, Json.write(new Wire.LedgerPage(shown, cursor)));
      }
    };
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
