package io.daypass.web.api;

import io.daypass.cloud.Credential;
import io.daypass.identity.Caller;
import io.daypass.identity.PollToken;
import io.daypass.issuance.Errand;
import io.daypass.issuance.Issuance;
import io.daypass.policy.Durations;
import io.daypass.request.AccessRequest;
import io.daypass.request.RequestId;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Taking credentials and console links. */
record CredentialRoutes(Door door, Issuance issuance, Show show) {

  /** No cloud gives a credential that is to end sooner. */
  private static final Duration SHORTEST = Duration.ofSeconds(15);

  private static final Set<String> ERRAND = Set.of("duration", "reason", "ticket");
  private static final Set<String> CONSOLE = Set.of("destination");

  List<Route> routes() {
    return List.of(
        new Route(
            "POST",
            "/v1/roles/{role}/credentials",
            Lane.WORK,
            Body.JSON,
            door.pollers(CredentialRoutes::role, this::credentials)),
        new Route(
            "POST", "/v1/roles/{role}/console", Lane.WORK, Body.JSON, door.takers(this::console)));
  }

  private Answer credentials(Call call, Caller caller) {
    return switch (Fields.of(call.body(), ERRAND)) {
      case Fields.Refused(var problem) -> problem.answer();
      case Fields.Read read -> {
        var input = new Input(read.members());
        var role = role(call, input);
        var duration = input.duration("duration");
        if (duration != null && duration.compareTo(SHORTEST) < 0) {
          // Before anything is written, and a token of one use is spent.
          input.wrong("duration", "a duration of at least " + Durations.show(SHORTEST));
        }
        var errand = new Errand(role, duration, input.proseOrEmpty("reason"), input.ticket());
        yield input.problem().map(Problem::answer).orElseGet(() -> issue(call, caller, errand));
      }
    };
  }

  private Answer console(Call call, Caller caller) {
    return switch (Fields.of(call.body(), CONSOLE)) {
      case Fields.Refused(var problem) -> problem.answer();
      case Fields.Read read -> {
        var input = new Input(read.members());
        var role = role(call, input);
        var destination = input.word("destination");
        yield input
            .problem()
            .map(Problem::answer)
            .orElseGet(() -> link(call, caller, role, destination));
      }
    };
  }

  private Answer issue(Call call, Caller caller, Errand errand) {
    return answer(caller, issuance.issue(caller, errand, door.circumstances(call)));
  }

  private Answer link(Call call, Caller caller, String role, @Nullable String destination) {
    var circumstances = door.circumstances(call);
    return answer(caller, issuance.console(caller, role, destination, circumstances));
  }

  private static String role(Call call) {
    return call.segment("role");
  }

  private static String role(Call call, Input input) {
    var role = role(call);
    if (!Texts.isRole(role)) {
      input.wrong("role", "the name of a role");
    }
    return role;
  }

  private Answer answer(Caller caller, io.daypass.issuance.Answer answer) {
    return switch (answer) {
      case io.daypass.issuance.Answer.Issued(var issued, var request, var credential, var ends) ->
          marked(Answer.json(200, Json.write(shown(credential))), issued, request)
              .header("Daypass-Grant-Ends", ends.toString());
      case io.daypass.issuance.Answer.ConsoleLink(
              var issued,
              var request,
              var url,
              var expires) -> {
        var link = new Wire.ConsoleLink(url.reveal(), Show.seconds(expires));
        yield marked(Answer.json(200, Json.write(link)), issued, request);
      }
      case io.daypass.issuance.Answer.Pending(var request, var token) ->
          door.tooSoon(caller).map(Problem::answer).orElseGet(() -> pending(request, token));
      case io.daypass.issuance.Answer.No no -> Translation.of(no).answer();
    };
  }

  // What is left is reckoned when the answer is written: the cloud may have taken its time.
  private Map<String, Object> shown(Credential credential) {
    return Show.credential(credential, door.now().instant());
  }

  private static Answer marked(Answer answer, UUID issuance, RequestId request) {
    return answer
        .header("Daypass-Issuance", issuance.toString())
        .header("Daypass-Request", request.value());
  }

  private Answer pending(AccessRequest request, @Nullable PollToken token) {
    var interval = Door.POLL_INTERVAL.toSeconds();
    var pending =
        new Wire.Pending(
            "authorization_pending",
            request.id().value(),
            show.url(request),
            token == null ? null : token.reveal(),
            (int) interval,
            "people must approve the request first",
            "send somebody who may approve to request_url, and ask again every interval seconds,"
                + " with poll_token as the bearer token if you were given one");
    return Answer.json(202, Json.write(pending))
        .code("authorization_pending")
        .header("Daypass-Request", request.id().value())
        .header("Retry-After", Long.toString(interval));
  }
}
