package io.daypass.web.compat;

import io.daypass.cloud.Credential;
import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.Credential.AzureToken;
import io.daypass.cloud.Credential.GoogleToken;
import io.daypass.cloud.Credential.OidcToken;
import io.daypass.identity.Caller;
import io.daypass.issuance.Errand;
import io.daypass.issuance.Issuance;
import io.daypass.issuance.Terms;
import io.daypass.policy.Target;
import io.daypass.web.Answer;
import io.daypass.web.Bearer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.daypass.web.api.Door;
import io.daypass.web.api.Json;
import io.daypass.web.api.Show;
import io.daypass.web.api.Translation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code GET /aws/container-credentials/{role}}: the container credentials that AWS SDKs fetch from
 * {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} (AWS SDKs and Tools reference guide, "Container
 * credential provider"). They wait two seconds for an answer, and try three times.
 */
record ContainerDoor(Door door, Issuance issuance, Show show) {

  private static final Duration DEADLINE = Duration.ofMillis(1_700);
  // As in Bearer, without the scheme: SDKs send the token file as it is.
  private static final Pattern RAW = Pattern.compile("[A-Za-z0-9._~+/-]++=*+");

  List<Route> routes() {
    return List.of(
        new Route(
                "GET", "/aws/container-credentials/{role}", Lane.WORK, Body.NONE, this::credentials)
            .refusal(ContainerDoor::refused)
            .within(DEADLINE, refused(tooSlow())));
  }

  private Answer credentials(Call call) {
    var role = call.segment("role");
    if (!Targets.isRole(role)) {
      return refused(Problem.of(Code.PARAMETER_INVALID, "that is no name of a role", "name one"));
    }
    return switch (token(call)) {
      case Bearer.None _ -> refused(Door.missing());
      case Bearer.Malformed _ -> refused(door.counted(call, ContainerDoor::malformed));
      case Bearer.Token(var token) ->
          switch (door.taker(call, token, role)) {
            case Door.Entry.Out(var problem) -> refused(problem);
            case Door.Entry.In(var caller) -> {
              // What comes too late is written down as dropped; nothing is cancelled half-way.
              var late = refused(late(caller));
              var terms = new Terms(Target.Aws.class::isInstance, () -> call.waiter().stays(late));
              var errand = Errand.to(role).comingAgain();
              yield answer(caller, issuance.issue(caller, errand, door.circumstances(call), terms));
            }
          };
    };
  }

  private static Bearer token(Call call) {
    var headers = call.header("authorization");
    return headers.size() == 1 && RAW.matcher(headers.getFirst()).matches()
        ? new Bearer.Token(headers.getFirst())
        : Bearer.of(headers);
  }

  private Answer answer(Caller caller, io.daypass.issuance.Answer answer) {
    return switch (answer) {
      case io.daypass.issuance.Answer.Issued(var issued, var request, var credential, _) ->
          Answer.json(200, Json.write(shape(credential)))
              .header("Daypass-Issuance", issued.toString())
              .header("Daypass-Request", request.value());
      case io.daypass.issuance.Answer.Pending(var request, _) ->
          refused(
              door.tooSoon(caller)
                  .orElseGet(() -> Translation.pending(request.id().value(), show.url(request))));
      case io.daypass.issuance.Answer.No no -> refused(Translation.of(no));
      case io.daypass.issuance.Answer.ConsoleLink _ -> refused(Translation.noSuchDestination());
    };
  }

  private static Map<String, Object> shape(Credential credential) {
    return switch (credential) {
      case AwsSession aws -> {
        var shape = new LinkedHashMap<String, Object>();
        shape.put("AccessKeyId", aws.accessKeyId());
        shape.put("SecretAccessKey", aws.secretAccessKey().reveal());
        // Not SessionToken, as elsewhere.
        shape.put("Token", aws.sessionToken().reveal());
        shape.put("Expiration", Show.seconds(aws.expiresAt()));
        shape.put("AccountId", aws.accountId());
        yield shape;
      }
      case GoogleToken _, AzureToken _, OidcToken _ ->
          throw new IllegalStateException("the terms of this door are sessions in AWS");
    };
  }

  private static Answer refused(Problem problem) {
    var plain = problem.answer();
    var body = new LinkedHashMap<String, Object>();
    body.put("code", problem.code().text());
    body.put("message", problem.detail() + "; " + problem.next());
    var answer = Answer.json(plain.status(), Json.write(body)).code(plain.code());
    for (var header : plain.headers().entrySet()) {
      answer = answer.header(header.getKey(), header.getValue());
    }
    return answer;
  }

  private static Problem malformed() {
    return Problem.of(
        Code.AUTHORIZATION_MALFORMED,
        "the Authorization is not one token, nor Bearer, one space and one token",
        "write the token file without a line end");
  }

  /** What is told who leaves after the token was spent, or perhaps was. */
  private static Problem late(Caller caller) {
    return switch (caller.token().use()) {
      case SINGLE_USE -> Translation.spent(tooSlow());
      case REUSABLE, CARRIES_ON, SESSION -> tooSlow();
    };
  }

  private static Problem tooSlow() {
    return Problem.of(
            Code.TOO_SLOW,
            "no credential could be had within the two seconds that clients wait here",
            "try again")
        .after(Duration.ofSeconds(1));
  }
}
