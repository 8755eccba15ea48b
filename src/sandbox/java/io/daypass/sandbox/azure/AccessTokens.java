package io.daypass.sandbox.azure;

import io.daypass.sandbox.oidc.SigningKeys;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The access tokens given out, by their uti; the oldest give way. */
final class AccessTokens {

  private static final int KEPT = 20_000;
  private static final int SHORTEST_MINUTES = 60;
  private static final int LONGEST_MINUTES = 90;

  private final SecureRandom random;
  private final SigningKeys keys = SigningKeys.fresh();
  private final Map<String, Token> byId = new ConcurrentHashMap<>();
  private final Map<String, String> idByValue = new ConcurrentHashMap<>();
  private final ArrayDeque<Given> order = new ArrayDeque<>();

  private record Given(String id, String value) {}

  /** What a token stands for. */
  record Token(String id, StandInApp app, String audience, Instant issuedAt, Instant expiresAt) {}

  AccessTokens(SecureRandom random) {
    this.random = random;
  }

  record Issued(Token token, String value) {}

  Issued issue(StandInApp app, String tenant, String audience, Instant at) {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    var id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var now = at.truncatedTo(ChronoUnit.SECONDS);
    var chosen =
        Duration.ofSeconds(60L * SHORTEST_MINUTES)
            .plusSeconds(random.nextInt(60 * (LONGEST_MINUTES - SHORTEST_MINUTES) + 1));
    var fixed = app.life();
    var token = new Token(id, app, audience, now, now.plus(fixed == null ? chosen : fixed));
    // The claims of a version 1 token for an application (Entra, "Access token claims reference").
    var claims = new LinkedHashMap<String, Object>();
    claims.put("aud", audience);
    claims.put("iss", "https://sts.windows.net/" + tenant + "/");
    claims.put("iat", now.getEpochSecond());
    claims.put("nbf", now.getEpochSecond());
    claims.put("exp", token.expiresAt().getEpochSecond());
    claims.put("appid", app.clientId());
    claims.put("appidacr", "2");
    claims.put("idtyp", "app");
    claims.put("oid", app.objectId());
    claims.put("sub", app.objectId());
    claims.put("tid", tenant);
    claims.put("uti", id);
    claims.put("ver", "1.0");
    var value = keys.sign(claims);
    byId.put(id, token);
    idByValue.put(value, id);
    synchronized (order) {
      order.addLast(new Given(id, value));
      if (order.size() > KEPT) {
        var oldest = order.removeFirst();
        byId.remove(oldest.id());
        idByValue.remove(oldest.value());
      }
    }
    return new Issued(token, value);
  }

  Optional<Token> byId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The token of an {@code Authorization} header, if it is one of ours, to the byte. */
  Optional<Token> bearer(Optional<String> authorization) {
    return authorization
        .filter(header -> header.startsWith("Bearer "))
        .map(header -> idByValue.get(header.substring("Bearer ".length())))
        .flatMap(this::byId);
  }

  String jwks() {
    return keys.jwks();
  }
}
