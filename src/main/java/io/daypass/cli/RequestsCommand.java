package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.client.Local;
import io.daypass.cli.screen.Plain;
import io.daypass.web.api.Json;
import io.daypass.web.api.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daypass requests}. */
@Command(
    name = "requests",
    description = "List the requests you may see, newest first, or show one.")
final class RequestsCommand extends PeopleCommand {

  private static final List<String> STATES =
      List.of(
          "pending", "lapsed", "approved", "ended", "denied", "cancelled", "returned", "revoked");

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "Only this one, with all there is to know; the start of its id is enough.")
  private @Nullable String id;

  @Option(names = "--to-decide", description = "Only those that wait for your decision.")
  private boolean toDecide;

  @Option(names = "--mine", description = "Only your own.")
  private boolean mine;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description =
          "Only those that are pending, lapsed, approved, ended, denied, cancelled, returned or"
              + " revoked.")
  private @Nullable String state;

  @Option(names = "--role", paramLabel = "ROLE", description = "Only those for this role.")
  private @Nullable String role;

  @Mixin private Paging paging;

  // picocli fills the annotated fields before the command is called.
  @SuppressWarnings("NullAway.Init")
  RequestsCommand(Local local, Tools tools) {
    super(local, tools);
  }

  @Override
  int run() {
    return id == null ? list() : one(id);
  }

  private int one(String typed) {
    var api = api();
    var found = Found.id(this, api, typed);
    var given = api.get("/v1/requests/" + found, Wire.Request.class).orFail();
    if (wantsJson()) {
      json(given);
    } else {
      print(new RequestCard(sentences(), times()).lines(given.value()));
    }
    return DONE;
  }

  private int list() {
    var api = api();
    var shown = new ArrayList<Wire.Request>();
    var next =
        paging.turn(from -> {
          var page = page(api, from);
          shown.addAll(page.requests());
          return page.cursor();
        });
    if (wantsJson()) {
      print(Json.write(new Wire.Requests(shown, next)));
    } else {
      print(shown.isEmpty() ? List.of("no requests") : RequestTable.lines(this, shown));
      if (next != null) {
        note("there are more: daypass requests --all");
      }
    }
    return DONE;
  }

  private static String state(String typed) {
    if (!STATES.contains(typed)) {
      throw Failure.usage(
          "\"" + Plain.line(typed) + "\" is no state of a request",
          "one of " + String.join(", ", STATES));
    }
    return typed;
  }

  private Wire.Requests page(Api api, @Nullable String from) {
    var parameters = new HashMap<String, @Nullable String>();
    parameters.put("state", state == null ? null : state(state));
    parameters.put("role", role == null ? null : Inputs.role(role));
    parameters.put("mine", mine ? "true" : null);
    parameters.put("to_decide", toDecide ? "true" : null);
    parameters.put("cursor", from);
    return api.get(Api.path("/v1/requests", parameters), Wire.Requests.class).orFail().value();
  }
}
