package io.daypass.web.compat;

import io.daypass.cloud.Credential;
import io.daypass.cloud.Secret;
import io.daypass.identity.Caller;
import io.daypass.identity.PollToken;
import io.daypass.issuance.Errand;
import io.daypass.issuance.Issuance;
import io.daypass.issuance.Terms;
import io.daypass.ledger.IssueRefusal;
import io.daypass.policy.Target;
import io.daypass.request.AccessRequest;
import io.daypass.web.Answer;
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
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /oauth2/token}: OAuth 2.0 Token Exchange (RFC 8693). A client is not authenticated:
 * the subject token is the proof, and an Authorization header is nobody's.
 */
record TokenExchange(Door door, Issuance issuance, Show show, Targets targets) {

  static final String AWS_CREDENTIALS = "urn:daypass:token-type:aws-credentials";
  static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
  static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  private static final Problem OTHER_TYPE =
      Problem.of(
          Code.NOT_AT_THIS_DOOR,
          "the credentials of this audience are of another type than was asked for",
          "leave requested_token_type out");

  List<Route> routes() {
    return List.of(
        new Route("POST", "/oauth2/token", Lane.WORK, Body.FORM, this::exchange)
            .refusal(OAuthErrors::of));
  }

  private Answer exchange(Call call) {
    return switch (ExchangeForm.of(call.body())) {
      case ExchangeForm.Refused(var problem) -> OAuthErrors.of(problem);
      case ExchangeForm.Asked asked ->
          switch (targets.byAudience(asked.audience())) {
            case Targets.Meant.Nothing _ -> OAuthErrors.of(ExchangeForm.noTarget());
            case Targets.Meant.One(var role) ->
                letIn(call, asked, role, who -> issue(call, who, Errand.to(role), asked));
            // What the policies hold is told only to who proves who they are.
            case Targets.Meant.Several _ ->
                letIn(
                    call,
                    asked,
                    asked.audience(),
                    _ -> OAuthErrors.of(ExchangeForm.severalTargets()));
          };
    };
  }

  private Answer letIn(
      Call call, ExchangeForm.Asked asked, String role, Function<Caller, Answer> work) {
    return switch (door.taker(call, asked.token(), role)) {
      case Door.Entry.Out(var problem) -> OAuthErrors.of(problem);
      case Door.Entry.In(var caller) -> work.apply(caller);
    };
  }

  private Answer issue(Call call, Caller caller, Errand errand, ExchangeForm.Asked asked) {
    var terms = new Terms(target -> gives(target, asked.requestedType()), () -> true);
    return answer(caller, issuance.issue(caller, errand, door.circumstances(call), terms), asked);
  }

  // A type that is asked for is given or refused, never replaced (RFC 8693, 2.1).
  private static boolean gives(Target target, @Nullable String requested) {
    var type =
        switch (target) {
          case Target.Aws _ -> AWS_CREDENTIALS;
          case Target.Google _, Target.Azure _ -> ACCESS_TOKEN;
          case Target.Oidc _ -> ID_TOKEN;
        };
    return requested == null
        || requested.equals(type)
        || (requested.equals(JWT) && type.equals(ID_TOKEN));
  }

  private Answer answer(
      Caller caller, io.daypass.issuance.Answer answer, ExchangeForm.Asked asked) {
    return switch (answer) {
      case io.daypass.issuance.Answer.Issued(var issued, var request, var credential, _) ->
          Answer.json(200, Json.write(token(credential, asked)))
              .header("Pragma", "no-cache")
              .header("Daypass-Issuance", issued.toString())
              .header("Daypass-Request", request.value());
      case io.daypass.issuance.Answer.Pending(var request, var token) ->
          door.tooSoon(caller).map(OAuthErrors::of).orElseGet(() -> pending(request, token));
      case io.daypass.issuance.Answer.Refused(var why) when why == IssueRefusal.NOT_AT_THIS_DOOR ->
          refused(OTHER_TYPE);
      case io.daypass.issuance.Answer.No no -> refused(Translation.of(no));
      case io.daypass.issuance.Answer.ConsoleLink _ -> refused(Translation.noSuchDestination());
    };
  }

  private static Answer refused(Problem problem) {
    return OAuthErrors.of(problem);
  }

  // RFC 8693, 2.2.1: what is not an access token has no way to be used as one, so N_A.
  private Map<String, Object> token(Credential credential, ExchangeForm.Asked asked) {
    // What is left is reckoned when the answer is written: the cloud may have taken its time.
    var now = door.now().instant();
    var expires = credential.expiresAt();
    return switch (credential) {
      case Credential.AwsSession aws ->
          body(Json.write(Show.credential(aws, now)), AWS_CREDENTIALS, "N_A", expires, now);
      case Credential.GoogleToken google ->
          bearer(google.accessToken(), String.join(" ", google.scopes()), expires, now);
      case Credential.AzureToken azure -> bearer(azure.accessToken(), azure.scope(), expires, now);
      case Credential.OidcToken oidc -> {
        var type = JWT.equals(asked.requestedType()) ? JWT : ID_TOKEN;
        yield body(oidc.idToken().reveal(), type, "N_A", expires, now);
      }
    };
  }

  // RFC 8693, 2.2.1: its scope must be told where it is not what was asked for, and may be always.
  private static Map<String, Object> bearer(
      Secret token, String scope, Instant expires, Instant now) {
    var body = body(token.reveal(), ACCESS_TOKEN, "Bearer", expires, now);
    body.put("scope", scope);
    return body;
  }

  private static Map<String, Object> body(
      String token, String type, String use, Instant expires, Instant now) {
    var body = new LinkedHashMap<String, Object>();
    body.put("access_token", token);
    body.put("issued_token_type", type);
    body.put("token_type", use);
    body.put("expires_in", Show.secondsLeft(expires, now));
    return body;
  }

  private Answer pending(AccessRequest request, @Nullable PollToken token) {
    var body = new LinkedHashMap<String, Object>();
    body.put("request_id", request.id().value());
    body.put("request_uri", show.url(request));
    if (token != null) {
      body.put("poll_token", token.reveal());
    }
    body.put("interval", Door.POLL_INTERVAL.toSeconds());
    body.put("detail", "people must approve the request first");
    body.put(
        "next",
        "send somebody who may approve to request_uri, and ask again every interval seconds, with"
            + " poll_token in place of the subject token if you were given one");
    return OAuthErrors.answer(
            400,
            "authorization_pending",
            "people must approve the request first: " + show.url(request),
            "authorization_pending",
            body)
        .header("Daypass-Request", request.id().value());
  }
}
