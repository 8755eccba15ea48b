package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The company's sign-in: an OpenID Provider for {@link Person#everybody()}. */
public final class StaffIssuer {

  /** The audience of every token, as the sandbox's settings ask for. */
  public static final String AUDIENCE = "daypass";

  private static final Duration LIFE = Duration.ofHours(1);

  private final Provider provider;
  private final Clients clients = new Clients();

  public StaffIssuer(Provider provider) {
    this.provider = provider;
  }

  public Provider provider() {
    return provider;
  }

  public Clients clients() {
    return clients;
  }

  public void open(Doors doors) {
    var issuer = provider.issuer();
    provider.open(doors, metadata(issuer));
    doors.open("GET", "/staff/token", Endpoint.now(this::token));
    doors.open(
        "GET",
        "/staff/style.css",
        Endpoint.now(_ ->
            new Reply(200, "text/css", StaffPages.STYLE, Map.of("Cache-Control", "max-age=3600"))));
    var devices = new DeviceFlow(provider, clients);
    var codes = new CodeFlow(provider, clients);
    codes.open(doors);
    devices.open(doors);
    new TokenEndpoint(this, codes, devices).open(doors);
  }

  private static Map<String, Object> metadata(String issuer) {
    return Map.ofEntries(
        Map.entry("authorization_endpoint", issuer + "/authorize"),
        Map.entry("token_endpoint", issuer + "/oauth2/token"),
        Map.entry("revocation_endpoint", issuer + "/oauth2/revoke"),
        Map.entry("device_authorization_endpoint", issuer + "/oauth2/device"),
        Map.entry("response_types_supported", List.of("code")),
        Map.entry("response_modes_supported", List.of("query")),
        Map.entry(
            "grant_types_supported",
            List.of(
                "authorization_code",
                "refresh_token",
                "urn:ietf:params:oauth:grant-type:device_code")),
        Map.entry("scopes_supported", List.of("openid", "profile", "email", "offline_access")),
        Map.entry("code_challenge_methods_supported", List.of("S256")),
        Map.entry("token_endpoint_auth_methods_supported", List.of("none", "client_secret_basic")),
        Map.entry("authorization_response_iss_parameter_supported", true),
        Map.entry(
            "claims_supported", List.of("sub", "email", "name", "groups", "auth_time", "nonce")));
  }

  /** An ID token of {@code person} for {@link #AUDIENCE}, as after a sign-in right now. */
  public String token(String person) {
    return token(person, AUDIENCE);
  }

  public String token(String person, String audience) {
    return token(person, audience, LIFE, Map.of());
  }

  /** The same with another life and with other claims; see {@link Provider#ABSENT}. */
  public String token(String person, String audience, Duration life, Map<String, Object> others) {
    var who =
        Person.of(person).orElseThrow(() -> new IllegalArgumentException("nobody: " + person));
    var claims = claims(who, provider.clock().instant());
    claims.put("aud", audience);
    claims.putAll(others);
    return provider.token(life, claims);
  }

  /** The ID token that {@code client} gets: the command line's, as agreed, for Daypass too. */
  String idToken(SignIn signIn) {
    var claims = claims(signIn.person(), signIn.signedInAt());
    if (signIn.clientId().equals(Clients.CLI)) {
      claims.put("aud", List.of(AUDIENCE, signIn.clientId()));
      claims.put("azp", signIn.clientId());
    } else {
      claims.put("aud", signIn.clientId());
    }
    signIn.nonceIfAny().ifPresent(nonce -> claims.put("nonce", nonce));
    return provider.token(LIFE, claims);
  }

  private static Map<String, Object> claims(Person person, Instant signedInAt) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("sub", person.id());
    claims.put("email", person.email());
    claims.put("email_verified", true);
    claims.put("name", person.name());
    claims.put("groups", person.groups());
    claims.put("auth_time", signedInAt.getEpochSecond());
    return claims;
  }

  // For scripts: the token itself, as plain text.
  private Reply token(Ask ask) {
    var query = ask.query();
    var person = query.get("person", "");
    if (Person.of(person).isEmpty()) {
      var names = String.join(", ", Person.everybody().stream().map(Person::id).toList());
      return Reply.text(400, "say ?person=... with one of: " + names + "\n");
    }
    var others = new LinkedHashMap<String, Object>();
    query.get("auth_time").ifPresent(time -> others.put("auth_time", Long.valueOf(time)));
    return Reply.text(200, token(person, query.get("audience", AUDIENCE), LIFE, others));
  }
}
