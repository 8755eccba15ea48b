package io.daypass.sandbox.azure;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Locale;

/** Says of a token, by its uti, whether it may act right now: what Azure would decide. */
final class AllowedPage {

  private final AccessTokens tokens;
  private final Assignments assignments;
  private final InstantSource clock;

  AllowedPage(AccessTokens tokens, Assignments assignments, InstantSource clock) {
    this.tokens = tokens;
    this.assignments = assignments;
    this.clock = clock;
  }

  Reply reply(Ask ask) {
    var query = ask.query();
    var found = tokens.byId(query.get("uti", ""));
    return found.isEmpty()
        ? Reply.json(404, new JsonObject().put("allowed", false).put("why", "no such token"))
        : Reply.json(judge(found.get(), query.get("scope", "").toLowerCase(Locale.ROOT)));
  }

  private JsonObject judge(AccessTokens.Token token, String scope) {
    var now = clock.instant();
    var why = why(token, scope);
    return new JsonObject()
        .put("allowed", why.startsWith("yes"))
        .put("why", why)
        .put("now", now.toString())
        .put("expires_at", token.expiresAt().toString())
        .put("audience", token.audience())
        .put("client_id", token.app().clientId())
        .put("object_id", token.app().objectId());
  }

  private String why(AccessTokens.Token token, String scope) {
    var now = clock.instant();
    if (!now.isBefore(token.expiresAt())) {
      return "the token has expired";
    }
    var principal = token.app().objectId();
    var given =
        assignments.reaching(principal).stream()
            .filter(assignment -> scope.isEmpty() || assignment.covers(scope))
            .toList();
    if (given.stream().anyMatch(assignment -> !now.isBefore(assignment.effectiveFrom()))) {
      return "yes: by a role assignment";
    }
    if (token.app().standing()) {
      return "yes: by standing access";
    }
    return given.isEmpty()
        ? "no role is assigned"
        : "the role assignment has not come into effect yet";
  }
}
