package io.daypass.web.api;

import io.daypass.identity.Caller;
import io.daypass.ledger.CheckpointStore;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.time.Duration;

/** The newest checkpoint of the ledger, for auditors to keep. */
record CheckpointRoute(Door door, CheckpointStore checkpoints, LedgerReading reading) {

  Route route() {
    return new Route(
        "GET", "/v1/ledger/checkpoint", Lane.WORK, Body.NONE, door.callers(this::newest));
  }

  private Answer newest(Call call, Caller caller) {
    return reading.objection(call, caller).map(Problem::answer).orElseGet(this::newest);
  }

  private Answer newest() {
    return checkpoints
        .latest()
        .map(kept -> Answer.json(200, Json.write(Show.checkpoint(kept))))
        .orElseGet(() ->
            Problem.of(Code.NOT_FOUND, "there is no checkpoint yet", "try again in a few seconds")
                .after(Duration.ofSeconds(5))
                .answer());
  }
}
