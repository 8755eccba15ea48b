package io.daypass.web.api;

import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.daypass.web.api.RequestActs.Act;
import io.daypass.web.api.RequestActs.Outcome;
import java.util.List;
import java.util.Set;

/** Making, deciding and ending requests. */
record RequestRoutes(Door door, RequestActs acts, Show show) {

  private static final String ONE = "/v1/requests/{id}";

  List<Route> routes() {
    return List.of(
        post(
            "/v1/requests",
            Lane.WORK,
            "role duration reason ticket starts_at",
            (call, caller, input) -> acts.make(call, caller, input, keys(call))),
        post(ONE + "/approve", Lane.WORK, "comment duration", acts::approve),
        post(ONE + "/deny", Lane.URGENT, "comment", acts::deny),
        Route.gated(
            "POST",
            ONE + "/cancel",
            Lane.URGENT,
            Body.JSON,
            door.withdrawers(done("reason", acts::cancel))),
        post(ONE + "/return", Lane.URGENT, "reason", acts::giveBack),
        post(
            ONE + "/extend",
            Lane.WORK,
            "duration reason ticket",
            (call, caller, input) -> acts.extend(call, caller, input, keys(call))),
        post(ONE + "/revoke", Lane.URGENT, "reason", acts::revoke));
  }

  private static List<String> keys(Call call) {
    return call.header("idempotency-key");
  }

  private Route post(String path, Lane lane, String members, Act act) {
    return Route.gated("POST", path, lane, Body.JSON, door.deciders(done(members, act)));
  }

  private Door.Work done(String members, Act act) {
    var known = Set.of(members.split(" ", -1));
    return (call, caller) ->
        switch (Fields.of(call.body(), known)) {
          case Fields.Refused(var problem) -> problem.answer();
          case Fields.Read(var sent) -> answer(act.of(call, caller, new Input(sent)));
        };
  }

  private Answer answer(Outcome outcome) {
    var now = door.now().instant();
    return switch (outcome) {
      case Outcome.Made(var request) ->
          Answer.json(201, Json.write(show.request(request, now)))
              .header("Location", "/v1/requests/" + request.id());
      case Outcome.Done(var request) -> Answer.json(200, Json.write(show.request(request, now)));
      case Outcome.No(var problem) -> problem.answer();
    };
  }
}
