package io.daypass.web.compat;

import io.daypass.cloud.Secret;
import io.daypass.identity.Caller;
import io.daypass.issuance.Recognition;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Query;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.daypass.web.api.Door;
import io.daypass.web.api.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /oauth2/introspect} (RFC 7662), for clients that want to know whom a token is for.
 * Whoever holds the token may ask: it is proof enough of itself, and nothing is told that does not
 * stand in it. The same for tokens that Daypass handed out, which gcloud asks about when it is
 * given one: they are known by their fingerprints, while their grants last.
 */
record Introspection(Door door, Recognition recognition) {

  List<Route> routes() {
    return List.of(
        new Route("POST", "/oauth2/introspect", Lane.WORK, Body.FORM, this::introspect)
            .refusal(OAuthErrors::of));
  }

  private Answer introspect(Call call) {
    return switch (Query.of(call.body(), null)) {
      case Query.Refused(var problem) -> OAuthErrors.of(problem);
      case Query.Read(var values) -> {
        var token = values.getOrDefault("token", "");
        yield token.isEmpty() ? OAuthErrors.of(noToken()) : introspect(call, token);
      }
    };
  }

  private Answer introspect(Call call, String token) {
    return switch (door.find(call, token, this::holder)) {
      case Door.Found.In(var caller) -> Answer.json(200, Json.write(active(caller)));
      // A token that is nobody's to come in with may be one that was handed out here.
      case Door.Found.Known(var holder) -> Answer.json(200, Json.write(held(holder)));
      // RFC 7662, 2.2: why a token is not active is nobody's business.
      case Door.Found.Unknown<?> _ -> Answer.json(200, Json.write(Map.of("active", false)));
      case Door.Found.Out(var problem) -> OAuthErrors.of(problem);
    };
  }

  private Optional<Recognition.Holder> holder(String token) {
    return recognition.holderOf(new Secret(token));
  }

  private static Map<String, Object> held(Recognition.Holder holder) {
    var identity = holder.identity();
    var body = new LinkedHashMap<String, Object>();
    body.put("active", true);
    body.put("username", identity.shownAs());
    body.put("sub", identity.id().subject());
    // RFC 7662, 2.2: the client is what the token was asked for as, and that is the role.
    body.put("client_id", holder.role());
    body.put("exp", holder.expiresAt().getEpochSecond());
    return body;
  }

  private static Map<String, Object> active(Caller caller) {
    var identity = caller.identity();
    var body = new LinkedHashMap<String, Object>();
    body.put("active", true);
    body.put("username", identity.shownAs());
    body.put("sub", identity.id().subject());
    body.put("iss", identity.claims().getOrDefault("iss", identity.id().issuer()));
    body.put("iat", caller.token().issuedAt().getEpochSecond());
    body.put("exp", caller.token().expiresAt().getEpochSecond());
    return body;
  }

  private static Problem noToken() {
    return Problem.of(Code.PARAMETER_INVALID, "token is missing", "see RFC 7662, 2.1");
  }
}
