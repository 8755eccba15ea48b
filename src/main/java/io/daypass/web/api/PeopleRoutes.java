package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.identity.CallerId;
import io.daypass.request.SuspensionDesk;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.util.List;
import java.util.Set;

/** Suspending people from approving, and lifting it: for administrators. */
record PeopleRoutes(Door door, SuspensionDesk desk, Refusals refusals) {

  private static final Problem NOBODY =
      Problem.of(
          Code.NOT_FOUND,
          "no person of that issuer and subject has come here so far",
          "take both as GET /v1/requests shows them; who never came has nothing to suspend");
  private static final Set<String> MEMBERS = Set.of("issuer", "subject", "reason");

  List<Route> routes() {
    return List.of(route("/v1/people/suspend", true), route("/v1/people/reinstate", false));
  }

  private Route route(String path, boolean suspended) {
    return Route.gated(
        "POST",
        path,
        Lane.URGENT,
        Body.JSON,
        door.deciders((call, caller) ->
            switch (Fields.of(call.body(), MEMBERS)) {
              case Fields.Refused(var problem) -> problem.answer();
              case Fields.Read read -> set(call, caller, new Input(read.members()), suspended);
            }));
  }

  private Answer set(Call call, Caller caller, Input input, boolean suspended) {
    var issuer = input.name("issuer");
    var subject = input.name("subject");
    var reason = input.requiredProse("reason");
    var problem = input.problem();
    if (problem.isPresent()) {
      return problem.get().answer();
    }
    var person = new CallerId(issuer, subject);
    var now = door.circumstances(call);
    var answer =
        suspended
            ? desk.suspend(caller, person, reason, now)
            : desk.reinstate(caller, person, reason, now);
    return switch (answer) {
      case SuspensionDesk.Answer.Done(var changed) ->
          Answer.json(200, Json.write(new Wire.Suspension(issuer, subject, suspended, changed)));
      case SuspensionDesk.Answer.NotFound _ -> NOBODY.answer();
      case SuspensionDesk.Answer.Refused(var why) ->
          refusals.ofOffice(call, caller, null, Translation.of(why)).answer();
    };
  }
}
