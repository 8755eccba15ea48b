package io.daypass.sandbox.azure;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Fault;
import io.daypass.sandbox.http.Form;
import io.daypass.sandbox.http.Reply;
import io.daypass.sandbox.oidc.IssuerKeys;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The token endpoint of one tenant, for client credentials with a client assertion. */
final class EntraStandIn implements Endpoint {

  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final String SUFFIX = "/.default";
  private static final String KEY_VAULT = "https://vault.azure.net";
  private static final String KEY_VAULT_ID = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093";

  private final String tenant;
  private final Map<String, StandInApp> apps;
  private final IssuerKeys keys;
  private final AccessTokens tokens;
  private final Calls calls;
  private final InstantSource clock;
  private final Map<String, Instant> knownFrom = new ConcurrentHashMap<>();

  EntraStandIn(
      String tenant,
      Map<String, StandInApp> apps,
      IssuerKeys keys,
      AccessTokens tokens,
      Calls calls,
      InstantSource clock) {
    this.tenant = tenant;
    this.apps = apps;
    this.keys = keys;
    this.tokens = tokens;
    this.calls = calls;
    this.clock = clock;
  }

  /** The federated credentials of {@code clientId} have not reached every server yet. */
  void propagating(String clientId, Duration time) {
    knownFrom.put(clientId, clock.instant().plus(time));
  }

  /** {@code /.well-known/openid-configuration} of the tenant, below {@code authority}. */
  Reply discovery(String authority) {
    var base = authority + "/" + tenant;
    return Reply.json(
        new JsonObject()
            .put("issuer", "https://login.microsoftonline.com/" + tenant + "/v2.0")
            .put("token_endpoint", base + "/oauth2/v2.0/token")
            .put("authorization_endpoint", base + "/oauth2/v2.0/authorize")
            .put("jwks_uri", base + "/discovery/v2.0/keys")
            .put("response_types_supported", new JsonArray().add("code").add("id_token"))
            .put("subject_types_supported", new JsonArray().add("pairwise"))
            .put("id_token_signing_alg_values_supported", new JsonArray().add("RS256")));
  }

  Reply jwks() {
    return Reply.json(new JsonObject(tokens.jwks()));
  }

  @Override
  public Future<Reply> answer(Ask ask) {
    var facts = new LinkedHashMap<String, Object>();
    try {
      var form = ask.form();
      note(form, facts);
      return token(form, facts)
          .recover(e -> e instanceof Refused no ? refuse(no, facts) : Future.failedFuture(e));
    } catch (Refused no) {
      return refuse(no, facts);
    }
  }

  /** The answer to a call that {@code fault} keeps from being served. */
  Reply fail(Ask ask, Fault.Refuse fault) {
    var facts = new LinkedHashMap<String, Object>();
    note(ask.form(), facts);
    calls.add("azure.entra", "token", fault.status(), fault.code(), facts);
    var reply =
        Reply.json(
            fault.status(),
            new JsonObject()
                .put("error", fault.status() == 429 ? "temporarily_unavailable" : "server_error")
                .put("error_description", "AADSTS90033: A transient error has occurred.")
                .put("error_codes", new JsonArray().add(90033)));
    return fault.status() == 429 ? reply.with("Retry-After", "1") : reply;
  }

  private void note(Form form, Map<String, Object> facts) {
    facts.put("tenant", tenant);
    form.get("client_id").ifPresent(id -> facts.put("client_id", id));
  }

  private Future<Reply> token(Form form, Map<String, Object> facts) {
    if (!form.get("grant_type", "").equals("client_credentials")) {
      throw Refused.entra("unsupported_grant_type", 70003, "The grant type is not supported.");
    }
    if (form.get("client_secret").isPresent()
        || !form.get("client_assertion_type", "").equals(ASSERTION_TYPE)) {
      throw Refused.entra(
          "invalid_client",
          7000218,
          "The request body must contain the following parameter: 'client_assertion' or"
              + " 'client_secret'.");
    }
    var scope = scope(form.get("scope", ""));
    facts.put("scope", scope);
    var client = form.get("client_id", "");
    var app = apps.get(client);
    if (app == null) {
      throw Refused.entra(
          "unauthorized_client",
          700016,
          "Application with identifier '" + client + "' was not found in the directory 'Acme'.");
    }
    var assertion = ClientAssertion.parse(form.get("client_assertion", ""));
    facts.put("subject", assertion.subject());
    facts.put("jti", String.valueOf(assertion.claims().getJWTID()));
    var now = clock.instant();
    if (now.isBefore(knownFrom.getOrDefault(client, Instant.MIN))) {
      throw assertion.unmatched();
    }
    assertion.matches(app);
    assertion.inTime(now);
    return keys.of(assertion.issuer(), assertion.keyId())
        .map(set -> {
          assertion.verify(set);
          return issue(app, scope, facts);
        });
  }

  private static String scope(String text) {
    var scopes = new ArrayList<>(List.of(text.split(" ", 20)));
    // MSAL adds them to everything it asks for; for client credentials they mean nothing.
    scopes.removeAll(List.of("openid", "profile", "offline_access"));
    if (scopes.size() != 1 || !scopes.getFirst().endsWith(SUFFIX)) {
      throw Refused.entra(
          "invalid_scope",
          1002012,
          "The provided value for scope "
              + text
              + " is not valid. Client credential flows must have a scope value with /.default"
              + " suffixed to the resource identifier (application ID URI).");
    }
    return scopes.getFirst();
  }

  private Reply issue(StandInApp app, String scope, Map<String, Object> facts) {
    var now = clock.instant();
    // A version 1 token's audience is the resource as the scope names it, or as the resource wants
    // it.
    var resource = scope.substring(0, scope.length() - SUFFIX.length());
    var audience = resource.equals(KEY_VAULT) ? KEY_VAULT_ID : resource;
    var issued = tokens.issue(app, tenant, audience, now);
    var expires = issued.token().expiresAt();
    var left = Duration.between(now, expires).toSeconds();
    facts.put("uti", issued.token().id());
    facts.put("expires_at", expires.toString());
    calls.add("azure.entra", "token", 200, "ok", facts);
    return Reply.json(
        new JsonObject()
            .put("token_type", "Bearer")
            .put("expires_in", left)
            .put("ext_expires_in", left)
            .put("access_token", issued.value()));
  }

  private Future<Reply> refuse(Refused no, Map<String, Object> facts) {
    facts.put("message", no.words());
    calls.add("azure.entra", "token", no.status(), no.name(), facts);
    return Future.succeededFuture(no.asEntra());
  }
}
