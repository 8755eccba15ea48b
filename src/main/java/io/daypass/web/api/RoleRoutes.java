package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.policy.Explanation;
import io.daypass.request.Offices;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who one is and what one may request.
 *
 * @param people what is known of somebody who came before
 */
record RoleRoutes(
    Door door,
    RoleBook book,
    Offices offices,
    Function<CallerId, Optional<Identity>> people,
    Refusals refusals) {

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
    var now = door.circumstances(call);
    var role = call.segment("role");
    var duration = Texts.duration(call.parameter("duration").orElse("1h"));
    if (duration.isEmpty() || !Texts.isRole(role)) {
      return Problem.of(
              Code.PARAMETER_INVALID, "the role or the duration is not readable", "e.g. 2h or 30m")
          .answer();
    }
    var as = call.parameter("as");
    if (as.isEmpty()) {
      // What a machine of another project is told of a role it may not have is: no.
      return explained(
          role, book.outlook(caller.identity(), role, duration.get(), now), caller.isHuman());
    }
    if (!offices.isAuditor(caller.identity(), now.now())) {
      var problem =
          Problem.of(Code.NOT_ALLOWED, "only auditors ask on behalf of others", "leave \"as\" out");
      return refusals.ofReading(door, call, caller, role, problem.answer());
    }
    return other(as.get())
        .map(who -> explained(role, book.outlook(who, role, duration.get(), now), true))
        .orElseGet(() -> Translation.notFound().answer());
  }

  private Optional<Identity> other(String text) {
    var cut = text.indexOf(' ');
    var issuer = cut < 0 ? "" : text.substring(0, cut);
    var subject = text.substring(cut + 1);
    return issuer.isBlank() || subject.isBlank()
        ? Optional.empty()
        : people.apply(new CallerId(issuer, subject));
  }

  private Answer explained(String role, Explanation explanation, boolean withTrace) {
    return Answer.json(200, Json.write(book.explained(role, explanation, withTrace)));
  }
}
