package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.ledger.Ledger;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.RequestId;
import io.daypass.request.RequestReader;
import io.daypass.request.RequestReader.Filter;
import io.daypass.request.RequestStore.Position;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reading requests. What somebody may not see does not exist for them. */
record ReadingRoutes(Door door, RequestReader reader, Ledger ledger, Show show, Cursors cursors) {

  private static final int PAGE = 50;
  private static final String LIST = "requests";
  private static final Set<String> FLAGS = Set.of("true", "false");

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/requests", Lane.WORK, Body.NONE, door.callers(this::list))
            .parameters("state", "role", "mine", "to_decide", "id", "cursor"),
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
    var state = call.parameter("state");
    var status = state.flatMap(ReadingRoutes::status);
    if (state.isPresent() && status.isEmpty()) {
      return invalid("state", "one of " + String.join(", ", states()));
    }
    for (var flag : List.of("mine", "to_decide")) {
      if (!FLAGS.contains(call.parameter(flag).orElse("false"))) {
        return invalid(flag, "true or false");
      }
    }
    if (!Texts.isRole(call.parameter("role").orElse("any"))) {
      return invalid("role", "the name of a role");
    }
    if (!RequestId.isStart(call.parameter("id").orElse("0"))) {
      return invalid("id", "how the id of a request starts");
    }
    var cursor = call.parameter("cursor");
    var before =
        cursor
            .flatMap(text -> cursors.read(LIST, caller.id(), text))
            .flatMap(ReadingRoutes::position);
    return cursor.isPresent() && before.isEmpty()
        ? badCursor().answer()
        : page(call, caller, status.orElse(null), before.orElse(null));
  }

  private Answer page(
      Call call, Caller caller, @Nullable Status status, @Nullable Position before) {
    var now = door.circumstances(call);
    var filter =
        new Filter(
            status,
            call.parameter("role").orElse(null),
            isSet(call, "mine"),
            isSet(call, "to_decide"),
            call.parameter("id").orElse(null),
            before,
            PAGE);
    var page = reader.list(caller, filter, now);
    var next = page.next();
    var shown = page.requests().stream().map(r -> show.request(r, now.now())).toList();
    var cursor =
        next == null ? null : cursors.sign(LIST, caller.id(), next.madeAt() + " " + next.id());
    return Answer.json(200, Json.write(new Wire.Requests(shown, cursor)));
  }

  private static boolean isSet(Call call, String flag) {
    return call.parameter(flag).filter("true"::equals).isPresent();
  }

  private static Optional<Status> status(String text) {
    return Stream.of(Status.values()).filter(status -> Show.word(status).equals(text)).findFirst();
  }

  private static List<String> states() {
    return Stream.of(Status.values()).map(Show::word).toList();
  }

  private static Optional<Position> position(String text) {
    var parts = text.split(" ", -1);
    return parts.length != 2
        ? Optional.empty()
        : Texts.instant(parts[0])
            .flatMap(at -> RequestId.parse(parts[1]).map(id -> new Position(at, id)));
  }

  static Problem badCursor() {
    return Problem.of(
        Code.CURSOR_INVALID, "the cursor was not given to you for this list", "start without one");
  }

  static Answer invalid(String parameter, String what) {
    return Problem.of(
            Code.PARAMETER_INVALID,
            "\"" + parameter + "\" must be " + what,
            "correct \"" + parameter + "\"")
        .answer();
  }
}
