package io.daypass.web.pages;

import io.daypass.issuance.Issuance;
import io.daypass.policy.Circumstances;
import io.daypass.request.AccessRequest;
import io.daypass.request.RequestId;
import io.daypass.request.RequestReader;
import io.daypass.web.Answer;
import io.daypass.web.Code;
import io.daypass.web.Limits;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Lane;
import io.daypass.web.api.Input;
import io.daypass.web.api.RequestActs;
import io.daypass.web.api.RequestActs.Act;
import io.daypass.web.api.RequestActs.Outcome;
import io.daypass.web.api.Translation;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is done to requests by forms. Decided where the API's calls are, by the same desks; whatever
 * is not done is said on the request's page.
 */
record RequestForms(
    Visitors visitors, Templates templates, RequestPage page, RequestActs acts, Opening opening) {

  /** What it takes to open a console. */
  record Opening(RequestReader reader, Issuance issuance, Limits limits, InstantSource clock) {}

  private static final String ONE = "/requests/{id}";

  List<Route> routes() {
    return List.of(
        post("approve", Lane.WORK, Set.of("comment", "duration"), acts::approve),
        post("deny", Lane.URGENT, Set.of("comment"), acts::deny),
        post("cancel", Lane.URGENT, Set.of(), acts::cancel),
        post("return", Lane.URGENT, Set.of(), acts::giveBack),
        post("revoke", Lane.URGENT, Set.of("reason"), acts::revoke),
        visitors.act(
            ONE,
            "extend",
            Lane.WORK,
            Set.of("duration", "reason", "ticket", "key"),
            (visit, fields) ->
                done(
                    visit,
                    "extend",
                    fields,
                    (call, caller, input) ->
                        acts.extend(call, caller, input, Filled.keys(fields)))),
        visitors.act(ONE, "console", Lane.WORK, Set.of("destination"), this::console));
  }

  private Route post(String act, Lane lane, Set<String> fields, Act acting) {
    return visitors.act(ONE, act, lane, fields, (visit, sent) -> done(visit, act, sent, acting));
  }

  private Answer done(Visit visit, String name, Map<String, String> fields, Act act) {
    var input = new Input(Filled.members(fields));
    return switch (act.of(visit.call(), visit.caller(), input)) {
      // Looked up anew after a form: sending the page again does nothing again (RFC 9110, 15.4.4).
      case Outcome.Made(var request) -> seeOther(request);
      case Outcome.Done(var request) -> seeOther(request);
      case Outcome.No(var problem) -> refused(visit, name, fields, problem);
    };
  }

  static Answer seeOther(AccessRequest request) {
    return Answer.empty(303).header("Location", "/requests/" + request.id());
  }

  private Answer refused(Visit visit, String act, Map<String, String> fields, Problem problem) {
    return problem.code() == Code.NOT_FOUND
        ? templates.problem(problem, null)
        : page.of(visit, new Tried(act, fields, problem));
  }

  private Answer console(Visit visit, Map<String, String> fields) {
    var now = new Circumstances(opening.clock().instant(), visit.call().peer());
    var caller = visit.caller();
    var own =
        RequestId.parse(visit.call().segment("id"))
            .flatMap(id -> opening.reader().find(caller, id, now))
            .filter(request -> request.requester().id().equals(caller.id()));
    if (own.isEmpty()) {
      return templates.problem(Translation.notFound(), null);
    }
    var wait = opening.limits().issuance(caller);
    if (wait.isPresent()) {
      return refused(visit, "console", fields, Translation.tooMany(wait.get()));
    }
    var role = own.get().role();
    var destination = fields.get("destination");
    return opened(visit, fields, opening.issuance().console(caller, role, destination, now));
  }

  private Answer opened(
      Visit visit, Map<String, String> fields, io.daypass.issuance.Answer answer) {
    return switch (answer) {
      // A page of ours in between: what a form answers may not lead to another site (CSP).
      case io.daypass.issuance.Answer.ConsoleLink(var _, var _, var url, var _) ->
          templates.onward(url.reveal());
      case io.daypass.issuance.Answer.No no ->
          refused(visit, "console", fields, Translation.of(no));
      case io.daypass.issuance.Answer.Issued _, io.daypass.issuance.Answer.Pending _ ->
          throw new IllegalStateException("a console is opened under a grant, or not at all");
    };
  }
}
