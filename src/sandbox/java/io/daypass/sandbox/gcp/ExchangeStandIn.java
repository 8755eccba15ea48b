package io.daypass.sandbox.gcp;

import io.daypass.sandbox.gcp.Tokens.Token;
import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.http.Reply;
import io.daypass.sandbox.oidc.IssuerKeys;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code POST /v1/token} of Google's Security Token Service: RFC 8693, in two spellings. */
final class ExchangeStandIn implements Endpoint {

  private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String ACCESS = "urn:ietf:params:oauth:token-type:access_token";
  private static final Set<String> SUBJECT_TYPES =
      Set.of("urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token");
  private static final Duration LIFE = Duration.ofSeconds(3599);

  private final Map<String, StandInProvider> providers;
  private final IssuerKeys keys;
  private final Expressions expressions;
  private final Tokens tokens;
  private final Calls calls;
  private final InstantSource clock;

  ExchangeStandIn(
      Map<String, StandInProvider> providers,
      IssuerKeys keys,
      Expressions expressions,
      Tokens tokens,
      Calls calls,
      InstantSource clock) {
    this.providers = providers;
    this.keys = keys;
    this.expressions = expressions;
    this.tokens = tokens;
    this.calls = calls;
    this.clock = clock;
  }

  /** What was asked for, in either spelling. */
  private record Wanted(
      String grant, String audience, String scope, String type, String token, String tokenType) {

    static Wanted of(Ask ask) {
      var type = ask.header("Content-Type").orElse("");
      if (type.startsWith("application/json")) {
        try {
          var json = new JsonObject(ask.body());
          return new Wanted(
              json.getString("grantType", ""),
              json.getString("audience", ""),
              json.getString("scope", ""),
              json.getString("requestedTokenType", ""),
              json.getString("subjectToken", ""),
              json.getString("subjectTokenType", ""));
        } catch (io.vertx.core.json.DecodeException | ClassCastException e) {
          throw invalid("Invalid JSON payload received.");
        }
      }
      var form = Form.parse(ask.body().toString());
      return new Wanted(
          form.get("grant_type", ""),
          form.get("audience", ""),
          form.get("scope", ""),
          form.get("requested_token_type", ""),
          form.get("subject_token", ""),
          form.get("subject_token_type", ""));
    }
  }

  @Override
  public Future<Reply> answer(Ask ask) {
    var facts = new LinkedHashMap<String, Object>();
    try {
      var wanted = Wanted.of(ask);
      facts.put("audience", wanted.audience());
      facts.put("scope", wanted.scope());
      if (!wanted.token().isEmpty()) {
        facts.put("token_sha256", Tokens.hash(wanted.token()));
      }
      return exchange(wanted, facts)
          .recover(e -> e instanceof Refused no ? refuse(no, facts) : Future.failedFuture(e));
    } catch (Refused no) {
      return refuse(no, facts);
    }
  }

  private Future<Reply> exchange(Wanted wanted, Map<String, Object> facts) {
    var scopes = checked(wanted);
    var provider = providers.get(wanted.audience());
    if (provider == null) {
      throw Refused.exchange(
          "invalid_target",
          "The target service indicated by the \"audience\" parameters is invalid. This might"
              + " either be because the pool or provider is disabled or deleted or because it"
              + " doesn't exist.");
    }
    var token = SubjectToken.parse(wanted.token());
    var now = clock.instant();
    token.check(provider, now);
    return keys.of(provider.issuer(), token.keyId())
        .map(found -> {
          token.verify(found);
          return issue(token, provider, scopes, facts);
        });
  }

  private static List<String> checked(Wanted wanted) {
    if (!wanted.grant().equals(GRANT)) {
      throw Refused.exchange(
          "unsupported_grant_type", "Invalid value for \"grant_type\": " + wanted.grant());
    }
    if (!wanted.type().equals(ACCESS)) {
      throw invalid("Invalid value for \"requested_token_type\".");
    }
    if (!SUBJECT_TYPES.contains(wanted.tokenType())) {
      throw invalid("Invalid value for \"subject_token_type\".");
    }
    if (!wanted.audience().startsWith("//iam.googleapis.com/")) {
      throw invalid(
          "Invalid value for \"audience\". This value should be the full resource name of the"
              + " Identity Provider.");
    }
    if (wanted.scope().isBlank()) {
      throw invalid("Invalid value for \"scope\". At least one scope must be provided.");
    }
    return scopes(List.of(wanted.scope().split(" ", -1)));
  }

  /** All of Google's scopes are URLs of one host, bar a few short names that are no use here. */
  static List<String> scopes(List<String> scopes) {
    for (var scope : scopes) {
      if (!scope.matches("https://www\\.googleapis\\.com/auth/[a-z0-9._/-]+")) {
        throw Refused.exchange("invalid_scope", "Invalid scope: " + scope);
      }
    }
    return scopes;
  }

  private Reply issue(
      SubjectToken token,
      StandInProvider provider,
      List<String> scopes,
      Map<String, Object> facts) {
    var mapped = token.mapped(provider, expressions);
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var issued =
        tokens.issue(
            new Token.Federated(
                mapped.subject(), mapped.principals(), scopes, now, now.plus(LIFE)));
    facts.put("subject", mapped.subject());
    facts.put("principals", List.copyOf(mapped.principals()));
    facts.put("jti", String.valueOf(token.jwt().getPayload().toJSONObject().get("jti")));
    facts.put("claims", token.jwt().getPayload().toJSONObject());
    facts.put("algorithm", token.jwt().getHeader().getAlgorithm().getName());
    calls.add("gcp.sts", "token", 200, "ok", facts);
    return Reply.json(
        new JsonObject()
            .put("access_token", issued)
            .put("issued_token_type", ACCESS)
            .put("token_type", "Bearer")
            .put("expires_in", LIFE.toSeconds()));
  }

  /** The answer to a call that {@code fault} keeps from being served. */
  Reply fail(Ask ask, Fault.Refuse fault) {
    calls.add("gcp.sts", "token", fault.status(), fault.code(), Map.of());
    return Refused.api(fault.status(), fault.code(), "Quota exceeded or service down").asApi();
  }

  private Future<Reply> refuse(Refused no, Map<String, Object> facts) {
    facts.put("message", no.words());
    calls.add("gcp.sts", "token", no.status(), no.code(), facts);
    return Future.succeededFuture(no.asExchange());
  }

  private static Refused invalid(String words) {
    return Refused.exchange("invalid_request", words);
  }
}
