package io.daypass.sandbox.oidc;

import io.daypass.sandbox.http.Ask;
import io.daypass.sandbox.http.Calls;
import io.daypass.sandbox.http.Doors;
import io.daypass.sandbox.http.Endpoint;
import io.daypass.sandbox.http.Faults;
import io.daypass.sandbox.http.Reply;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What all providers have: an address, keys, metadata, and faults to show there. */
public final class Provider {

  /** Give a claim this value to leave it out of a token. */
  public static final Object ABSENT = new Object();

  private final String name;
  private final String issuer;
  private final SigningKeys keys;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Calls calls;
  private final Faults metadataFaults = new Faults();
  private final Faults keysFaults = new Faults();

  public Provider(
      String name,
      String base,
      SigningKeys keys,
      InstantSource clock,
      SecureRandom random,
      Calls calls) {
    this.name = name;
    this.issuer = base + "/" + name;
    this.keys = keys;
    this.clock = clock;
    this.random = random;
    this.calls = calls;
  }

  public String issuer() {
    return issuer;
  }

  public SigningKeys keys() {
    return keys;
  }

  /** What the discovery document shows instead of itself. */
  public Faults metadataFaults() {
    return metadataFaults;
  }

  /** What the key set shows instead of itself. */
  public Faults keysFaults() {
    return keysFaults;
  }

  public InstantSource clock() {
    return clock;
  }

  /** 160 random bits, hex. */
  public String random() {
    var bytes = new byte[20];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * A token with {@code claims} over the usual iss, iat, exp and jti; {@link #ABSENT} removes one.
   */
  public String token(Duration life, Map<String, Object> claims) {
    long now = clock.instant().getEpochSecond();
    var all = new LinkedHashMap<String, Object>();
    all.put("iss", issuer);
    all.put("iat", now);
    all.put("exp", now + life.toSeconds());
    all.put("jti", random());
    all.putAll(claims);
    all.values().removeIf(ABSENT::equals);
    return keys.sign(all);
  }

  /** Opens the doors to the metadata, which has {@code more} in it. */
  void open(Doors doors, Map<String, Object> more) {
    var document =
        new JsonObject()
            .put("issuer", issuer)
            .put("jwks_uri", issuer + "/jwks")
            .put("response_types_supported", List.of("id_token"))
            .put("subject_types_supported", List.of("public"))
            .put("id_token_signing_alg_values_supported", List.of("RS256"));
    more.forEach(document::put);
    var metadata = document.encodePrettily();
    open(doors, "/.well-known/openid-configuration", "discovery", metadataFaults, _ -> metadata);
    open(doors, "/jwks", "jwks", keysFaults, _ -> keys.jwks());
  }

  private void open(
      Doors doors,
      String path,
      String action,
      Faults faults,
      java.util.function.Function<Ask, String> body) {
    Endpoint endpoint =
        Endpoint.now(ask -> {
          calls.add(name, action, 200, "ok", Map.of());
          return new Reply(
              200,
              "application/json",
              body.apply(ask),
              Map.of("Cache-Control", "public, max-age=60"));
        });
    doors.open(
        "GET",
        "/" + name + path,
        endpoint,
        faults,
        (_, fault) -> {
          calls.add(name, action, fault.status(), fault.code(), Map.of());
          return Reply.text(fault.status(), fault.code());
        });
  }
}
