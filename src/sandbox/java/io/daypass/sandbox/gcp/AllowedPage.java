package io.daypass.sandbox.gcp;

import io.daypass.sandbox.gcp.Tokens.Token;
import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Map;

/**
 * Says of an access token, by its SHA-256 or as the bearer, whether it may act right now; and, of a
 * role at a resource, whether it has it.
 */
final class AllowedPage {

  private final Tokens tokens;
  private final Map<String, StandInAccount> accounts;
  private final Policies policies;
  private final InstantSource clock;

  AllowedPage(
      Tokens tokens, Map<String, StandInAccount> accounts, Policies policies, InstantSource clock) {
    this.tokens = tokens;
    this.accounts = accounts;
    this.policies = policies;
    this.clock = clock;
  }

  Reply reply(Ask ask) {
    var query = ask.query();
    var bearer = ask.header("Authorization").map(text -> text.replaceFirst("^Bearer ", ""));
    var hash = bearer.map(Tokens::hash).orElse(query.get("token_sha256", ""));
    var token = tokens.byHash(hash);
    if (!(token.orElse(null) instanceof Token.OfAccount of)) {
      return Reply.json(404, new JsonObject().put("allowed", false).put("why", "no such token"));
    }
    var why = why(of, query.get("resource", ""), query.get("role", ""));
    return Reply.json(
        new JsonObject()
            .put("allowed", why.isEmpty())
            .put("why", why.isEmpty() ? "nothing denies it" : why)
            .put("until", of.expiresAt().toString())
            .put("account", of.email())
            .put("actor", of.actor())
            .put("scopes", new JsonArray(of.scopes())));
  }

  private String why(Token.OfAccount token, String resource, String role) {
    var now = clock.instant();
    if (!now.isBefore(token.expiresAt())) {
      return "the token expired at " + token.expiresAt();
    }
    var account = accounts.get(token.email());
    if (account == null || !account.enabled()) {
      return "the service account is disabled";
    }
    if (!role.isEmpty() && !policies.gives(resource, role, account.member(), now)) {
      return "no binding in force gives " + role + " at " + resource;
    }
    return "";
  }
}
