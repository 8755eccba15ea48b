package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.identity.Identity;
import io.daypass.request.Offices;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who one is and what one may request. */
record RoleRoutes(Door door, RoleBook book, Offices offices, Known known, Refusals refusals) {

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/me", Lane.WORK, Body.NONE, door.callers(this::me)),
        new Route("GET", "/v1/roles", Lane.WORK, Body.NONE, door.callers(this::roles)),
        new Route(
                "GET",
                "/v1/roles/{role}/explain",
                Lane.WORK,
                Body.NONE,
                door.callers(this::explain))
            .parameters("duration", "as"));
  }

  private Answer me(Call call, Caller caller) {
    var who = caller.identity();
    var now = door.circumstances(call).now();
    return Answer.json(
        200,
        Json.write(
            new Wire.Me(
                who.id().issuer(),
                who.id().subject(),
                Show.word(who.kind()),
                who.name(),
                who.email(),
                who.groups().stream().sorted().toList(),
                offices.isAuditor(who, now),
                offices.isAdministrator(who, now))));
  }

  private Answer roles(Call call, Caller caller) {
    var now = door.circumstances(call);
    return Answer.json(200, Json.write(new Wire.Roles(book.requestable(caller.identity(), now))));
  }

  private Answer explain(Call call, Caller caller) {
    var text = call.parameter("duration");
    var duration = text.flatMap(Texts::duration);
    if (!Texts.isRole(call.segment("role"))) {
      return Translation.invalid("role", "the name of a role; GET /v1/roles lists them").answer();
    }
    if (text.isPresent() && duration.isEmpty()) {
      return Translation.invalid("duration", "a duration such as 2h or 30m").answer();
    }
    var as = call.parameter("as");
    if (as.isEmpty()) {
      // What a machine of another project is told of a role it may not have is: no.
      return explained(call, caller.identity(), duration.orElse(null), caller.isHuman());
    }
    if (!offices.isAuditor(caller.identity(), door.circumstances(call).now())) {
      var problem =
          Problem.of(Code.NOT_ALLOWED, "only auditors ask on behalf of others", "leave \"as\" out");
      return refusals
          .ofReading(door.limits(), call, caller, call.segment("role"), problem)
          .answer();
    }
    var meant = known.named(as.get());
    return meant.size() == 1
        ? explained(call, meant.getFirst(), duration.orElse(null), true)
        : nobody(meant.isEmpty()).answer();
  }

  private static Problem nobody(boolean unknown) {
    var next = "name them in \"as\" by issuer and subject, joined by a space";
    return unknown
        ? Problem.of(Code.NOT_FOUND, "nobody of that name has come here so far", next)
        : Problem.of(Code.PARAMETER_INVALID, "several issuers have somebody of that name", next);
  }

  private Answer explained(
      Call call, Identity who, @Nullable Duration duration, boolean withTrace) {
    var role = call.segment("role");
    var now = door.circumstances(call);
    var howLong = duration == null ? book.usual(role, who, now) : duration;
    var explanation = book.outlook(who, role, howLong, now);
    return Answer.json(200, Json.write(book.explained(role, explanation, withTrace)));
  }
}
