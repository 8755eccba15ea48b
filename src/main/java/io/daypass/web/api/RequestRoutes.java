package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.Asking;
import io.daypass.request.DeskAnswer;
import io.daypass.request.RequestDesk;
import io.daypass.request.RequestId;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Making, deciding and ending requests. */
record RequestRoutes(
    Door door, RequestDesk desk, ApprovalDesk approvals, Show show, Refusals refusals) {

  private static final String ONE = "/v1/requests/{id}";

  List<Route> routes() {
    return List.of(
        post("/v1/requests", Lane.WORK, "role duration reason ticket starts_at", this::make),
        post(ONE + "/approve", Lane.WORK, "comment duration", on(this::approve)),
        post(ONE + "/deny", Lane.URGENT, "comment", on(this::deny)),
        post(ONE + "/cancel", Lane.URGENT, "reason", on(this::cancel)),
        post(ONE + "/return", Lane.URGENT, "reason", on(this::giveBack)),
        post(ONE + "/extend", Lane.WORK, "duration reason ticket", on(this::extend)),
        post(ONE + "/revoke", Lane.URGENT, "reason", on(this::revoke)));
  }

  /** What a caller sent, to be turned into an answer of a desk. */
  @FunctionalInterface
  private interface Act {
    Outcome of(Call call, Caller caller, Input input);
  }

  @FunctionalInterface
  private interface ActOnOne {
    Outcome of(Call call, Caller caller, RequestId id, Input input);
  }

  private sealed interface Outcome {
    record Answered(DeskAnswer answer) implements Outcome {}

    record Invalid(Problem problem) implements Outcome {}
  }

  private Route post(String path, Lane lane, String members, Act act) {
    var known = Set.of(members.split(" ", -1));
    return new Route(
        "POST",
        path,
        lane,
        Body.JSON,
        door.deciders((call, caller) ->
            switch (Fields.of(call.body(), known)) {
              case Fields.Refused(var problem) -> problem.answer();
              case Fields.Read read -> done(call, act, caller, new Input(read));
            }));
  }

  private Answer done(Call call, Act act, Caller caller, Input input) {
    return switch (act.of(call, caller, input)) {
      case Outcome.Invalid(var problem) -> problem.answer();
      case Outcome.Answered(var answer) -> {
        record(call, caller, input, answer);
        yield answer(call, answer);
      }
    };
  }

  /** What is not somebody's to have or to do is written down; a mistake or a lost race is not. */
  private void record(Call call, Caller caller, Input input, DeskAnswer answer) {
    switch (answer) {
      case DeskAnswer.Denied(var denial) ->
          refusals.write(call, caller, request(call), input.roleOrNull(), denial.code().code());
      case DeskAnswer.Refused(var why) -> {
        switch (why.kind()) {
          case FORBIDDEN ->
              refusals.write(call, caller, request(call), input.roleOrNull(), why.code());
          case CONFLICT, INVALID, TOO_MANY -> {}
        }
      }
      case DeskAnswer.Made _, DeskAnswer.Existing _, DeskAnswer.Done _, DeskAnswer.NotFound _ -> {}
    }
  }

  private static @Nullable RequestId request(Call call) {
    return Optional.ofNullable(call.path().get("id")).flatMap(RequestId::parse).orElse(null);
  }

  private Answer answer(Call call, DeskAnswer answer) {
    var now = door.now().instant();
    return switch (answer) {
      case DeskAnswer.Made(var request) ->
          Answer.json(201, Json.write(show.request(request, now)))
              .header("Location", "/v1/requests/" + request.id());
      case DeskAnswer.Existing(var request) ->
          Answer.json(200, Json.write(show.request(request, now)));
      case DeskAnswer.Done(var request) -> Answer.json(200, Json.write(show.request(request, now)));
      case DeskAnswer.Denied(var denial) -> Translation.of(denial).answer();
      case DeskAnswer.NotFound _ -> Translation.notFound().answer();
      case DeskAnswer.Refused(var why) -> {
        var id = call.path().get("id");
        var problem = Translation.of(why);
        yield (id == null ? problem : problem.about(id)).answer();
      }
    };
  }

  // An id that is none gets the answer of one that is not there.
  private static Act on(ActOnOne act) {
    return (call, caller, input) ->
        RequestId.parse(call.segment("id"))
            .map(id -> act.of(call, caller, id, input))
            .orElseGet(() -> new Outcome.Answered(new DeskAnswer.NotFound()));
  }

  private static Outcome then(Input input, Supplier<DeskAnswer> act) {
    return input
        .problem()
        .<Outcome>map(Outcome.Invalid::new)
        .orElseGet(() -> new Outcome.Answered(act.get()));
  }

  private Outcome make(Call call, Caller caller, Input input) {
    var now = door.circumstances(call);
    var role = input.role();
    var wish = input.wish();
    var startsAt = input.instant("starts_at");
    if (startsAt != null && startsAt.isBefore(now.now())) {
      input.wrong("starts_at", "an instant to come");
    }
    var key = input.idempotencyKey(call);
    return then(input, () -> desk.make(caller, new Asking(role, wish, startsAt, key), now));
  }

  private Outcome extend(Call call, Caller caller, RequestId id, Input input) {
    var wish = input.wish();
    var key = input.idempotencyKey(call);
    return then(input, () -> desk.extend(caller, id, wish, key, door.circumstances(call)));
  }

  private Outcome approve(Call call, Caller caller, RequestId id, Input input) {
    var comment = input.prose("comment");
    var shorter = input.duration("duration");
    return then(
        input, () -> approvals.approve(caller, id, comment, shorter, door.circumstances(call)));
  }

  private Outcome deny(Call call, Caller caller, RequestId id, Input input) {
    var comment = input.requiredProse("comment");
    return then(input, () -> approvals.deny(caller, id, comment, door.circumstances(call)));
  }

  private Outcome cancel(Call call, Caller caller, RequestId id, Input input) {
    var reason = input.proseOrEmpty("reason");
    return then(input, () -> desk.cancel(caller, id, reason));
  }

  private Outcome giveBack(Call call, Caller caller, RequestId id, Input input) {
    var reason = input.proseOrEmpty("reason");
    return then(input, () -> desk.giveBack(caller, id, reason));
  }

  private Outcome revoke(Call call, Caller caller, RequestId id, Input input) {
    var reason = input.requiredProse("reason");
    return then(input, () -> desk.revoke(caller, id, reason, door.circumstances(call)));
  }
}
