package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.ledger.Ledger;
import io.daypass.request.AccessRequest;
import io.daypass.request.RequestId;
import io.daypass.request.RequestReader;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.daypass.web.api.RequestListing.Listed;
import java.time.Instant;
import java.util.List;

/** Reading requests. What somebody may not see does not exist for them. */
record ReadingRoutes(
    Door door, RequestReader reader, RequestListing listing, Ledger ledger, Show show) {

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/requests", Lane.WORK, Body.NONE, door.callers(this::list))
            .parameters(RequestListing.parameters()),
        new Route("GET", "/v1/requests/{id}", Lane.WORK, Body.NONE, door.callers(this::one)));
  }

  private Answer one(Call call, Caller caller) {
    var now = door.circumstances(call);
    return RequestId.parse(call.segment("id"))
        .flatMap(id -> reader.find(caller, id, now))
        .map(request -> Answer.json(200, Json.write(whole(request, now.now()))))
        .orElseGet(() -> Translation.notFound().answer());
  }

  private Wire.Request whole(AccessRequest request, Instant now) {
    var liveUntil = ledger.believedUntil(request.id());
    return show.whole(request, now, liveUntil.orElse(null));
  }

  private Answer list(Call call, Caller caller) {
    var now = door.circumstances(call);
    return switch (listing.list(caller, call::parameter, now)) {
      case Listed.No(var problem) -> problem.answer();
      case Listed.Page(var requests, var cursor) -> {
        var shown = requests.stream().map(r -> show.request(r, now.now())).toList();
        yield Answer.json(200, Json.write(new Wire.Requests(shown, cursor)));
      }
    };
  }
}
