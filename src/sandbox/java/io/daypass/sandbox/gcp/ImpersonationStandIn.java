package io.daypass.sandbox.gcp;

import io.daypass.sandbox.gcp.Tokens.Token;
import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code generateAccessToken} of the IAM Service Account Credentials API. */
final class ImpersonationStandIn {

  static final String FOLDER = "/gcp/iamcredentials/v1/projects/-/serviceAccounts/";

  private static final Pattern CALL = Pattern.compile("([^/:]+):([A-Za-z]+)");
  private static final Pattern LIFETIME = Pattern.compile("([0-9]{1,9})(?:\\.0{1,9})?s");
  private static final Set<String> MEMBERS = Set.of("delegates", "scope", "lifetime");

  /** Either lets its bearer impersonate (API reference, "Authorization scopes"). */
  private static final Set<String> WIDE =
      Set.of(
          "https://www.googleapis.com/auth/cloud-platform", "https://www.googleapis.com/auth/iam");

  private final Map<String, StandInAccount> accounts;
  private final Tokens tokens;
  private final Calls calls;
  private final InstantSource clock;

  ImpersonationStandIn(
      Map<String, StandInAccount> accounts, Tokens tokens, Calls calls, InstantSource clock) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.calls = calls;
    this.clock = clock;
  }

  Reply answer(Ask ask) {
    var facts = new LinkedHashMap<String, Object>();
    try {
      var call = CALL.matcher(ask.path().substring(FOLDER.length()));
      if (!call.matches() || !call.group(2).equals("generateAccessToken")) {
        throw Refused.api(404, "NOT_FOUND", "Method not found.");
      }
      facts.put("account", call.group(1));
      var by = tokens.bearer(ask.header("Authorization"), clock.instant());
      return generate(call.group(1), by, ask, facts);
    } catch (Refused no) {
      facts.put("message", no.words());
      calls.add("gcp.iamcredentials", "generateAccessToken", no.status(), no.code(), facts);
      return no.asApi();
    }
  }

  private Reply generate(String email, Token by, Ask ask, Map<String, Object> facts) {
    var body = body(ask);
    var scopes = scopes(body);
    var lifetime = lifetime(body);
    facts.put("scope", scopes);
    facts.put("lifetime", lifetime.toSeconds());
    if (by.scopes().stream().noneMatch(WIDE::contains)) {
      throw Refused.api(
          403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.");
    }
    // The same words for an unknown account and for one that does not trust the caller.
    var account = accounts.get(email);
    if (!(by instanceof Token.Federated federated)
        || account == null
        || account.impersonators().stream().noneMatch(federated.principals()::contains)) {
      throw Refused.denied("iam.serviceAccounts.getAccessToken");
    }
    facts.put("actor", federated.subject());
    if (!account.enabled()) {
      throw Refused.api(400, "FAILED_PRECONDITION", "Service account is disabled.");
    }
    if (lifetime.compareTo(account.longest()) > 0) {
      throw Refused.invalid(
          "The access token lifetime cannot exceed " + account.longest().toSeconds() + " seconds.");
    }
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var ends = now.plus(lifetime);
    var token = tokens.issue(new Token.OfAccount(email, federated.subject(), scopes, now, ends));
    facts.put("token_sha256", Tokens.hash(token));
    facts.put("expires_at", ends.toString());
    calls.add("gcp.iamcredentials", "generateAccessToken", 200, "ok", facts);
    return Reply.json(
        new JsonObject().put("accessToken", token).put("expireTime", ends.toString()));
  }

  private static JsonObject body(Ask ask) {
    try {
      var body = new JsonObject(ask.body());
      for (var member : body.fieldNames()) {
        if (!MEMBERS.contains(member)) {
          throw Refused.invalid("Invalid JSON payload received. Unknown name \"" + member + "\"");
        }
      }
      if (body.getValue("delegates") instanceof JsonArray delegates && !delegates.isEmpty()) {
        throw Refused.denied("iam.serviceAccounts.implicitDelegation");
      }
      return body;
    } catch (DecodeException e) {
      throw Refused.invalid("Invalid JSON payload received.");
    }
  }

  private static List<String> scopes(JsonObject body) {
    var scopes = new ArrayList<String>();
    if (body.getValue("scope") instanceof JsonArray array) {
      array.forEach(scope -> scopes.add(String.valueOf(scope)));
    }
    if (scopes.isEmpty()) {
      throw Refused.invalid("Scopes are required.");
    }
    try {
      return List.copyOf(ExchangeStandIn.scopes(scopes));
    } catch (Refused e) {
      throw Refused.invalid("Invalid OAuth scope or ID token audience provided.");
    }
  }

  private static Duration lifetime(JsonObject body) {
    var text = body.getValue("lifetime", "3600s");
    var seconds = LIFETIME.matcher(String.valueOf(text));
    if (!seconds.matches() || Long.parseLong(seconds.group(1)) == 0) {
      throw Refused.invalid("Invalid value at 'lifetime' (type.googleapis.com/Duration).");
    }
    return Duration.ofSeconds(Long.parseLong(seconds.group(1)));
  }

  /** The answer to a call that {@code fault} keeps from being served. */
  Reply fail(Ask ask, Fault.Refuse fault) {
    calls.add("gcp.iamcredentials", "generateAccessToken", fault.status(), fault.code(), Map.of());
    return Refused.api(fault.status(), fault.code(), "Quota exceeded or service down").asApi();
  }
}
