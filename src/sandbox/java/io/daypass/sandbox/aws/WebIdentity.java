package io.daypass.sandbox.aws;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the token of {@code AssumeRoleWithWebIdentity} (STS API reference; IAM user guide,
 * "Obtain the thumbprint" and "Pass session tags").
 */
final class WebIdentity {

  private static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512");
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);

  private final TrustedIssuers issuers;
  private final Roles roles;
  private final InstantSource clock;

  /** A token that is what it says. */
  record Verified(
      String issuer,
      String audience,
      String subject,
      @Nullable String id,
      SessionTags tags,
      @Nullable String sourceIdentity) {}

  private record Parsed(
      String algorithm,
      String keyId,
      String signed,
      String signature,
      Map<String, Object> claims) {}

  WebIdentity(TrustedIssuers issuers, Roles roles, InstantSource clock) {
    this.issuers = issuers;
    this.roles = roles;
    this.clock = clock;
  }

  /**
   * Fails with {@link Refused}.
   *
   * @param roleArn a role of the account whose providers are asked
   */
  Future<Verified> verify(String token, String roleArn) {
    var parsed = parse(token);
    var issuer = text(parsed.claims(), "iss");
    if (!issuers.trusts(issuer) || !roles.haveTheAccountOf(roleArn)) {
      throw Refused.invalidToken("No OpenIDConnect provider found in your account for " + issuer);
    }
    checkTimes(parsed.claims(), clock.instant());
    return issuers
        .key(issuer, parsed.keyId())
        .map(key -> {
          if (!key.verifies(parsed.algorithm(), parsed.signed(), decode(parsed.signature()))) {
            throw Refused.invalidToken("The token's signature could not be verified");
          }
          return read(issuer, parsed.claims());
        });
  }

  private static Parsed parse(String token) {
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
      throw notAToken();
    }
    var header = json(token.substring(0, first));
    var claims = json(token.substring(first + 1, second));
    if (!(header.get("alg") instanceof String algorithm) || !ALGORITHMS.contains(algorithm)) {
      throw Refused.invalidToken("The token's signing algorithm is not supported");
    }
    if (!(header.get("kid") instanceof String keyId) || header.containsKey("crit")) {
      throw Refused.invalidToken("The token's header must name its key");
    }
    return new Parsed(
        algorithm, keyId, token.substring(0, second), token.substring(second + 1), claims);
  }

  private static void checkTimes(Map<String, Object> claims, Instant now) {
    var expires = time(claims, "exp").orElseThrow(() -> missing("exp"));
    var issued = time(claims, "iat").orElseThrow(() -> missing("iat"));
    if (!now.isBefore(expires)) {
      throw new Refused(
          400,
          "ExpiredTokenException",
          "Token expired: current date/time "
              + now.getEpochSecond()
              + " must be before the expiration date/time "
              + expires.getEpochSecond());
    }
    // AWS names no leeway, so there is none here.
    if (issued.isAfter(now) || !issued.isBefore(expires)) {
      throw Refused.invalidToken("Token issue time is not in the past");
    }
    if (Duration.between(issued, expires).compareTo(LONGEST_LIFE) > 0) {
      throw Refused.invalidToken("Token must be valid for at most 24 hours");
    }
    if (time(claims, "nbf").filter(from -> from.isAfter(now)).isPresent()) {
      throw Refused.invalidToken("Token is not valid yet");
    }
  }

  private Verified read(String issuer, Map<String, Object> claims) {
    var audience = claims.containsKey("azp") ? text(claims, "azp") : text(claims, "aud");
    if (!roles.isAudience(audience)) {
      throw Refused.invalidToken("Incorrect token audience");
    }
    var subject = text(claims, "sub");
    if (subject.length() < 6 || subject.length() > 255) {
      throw Refused.invalidToken("The token's subject must have 6 to 255 characters");
    }
    var id = claims.get("jti");
    return new Verified(
        issuer,
        audience,
        subject,
        id instanceof String text ? text : null,
        SessionTags.of(claims),
        SessionTags.sourceIdentity(claims));
  }

  private static String text(Map<String, Object> claims, String name) {
    if (claims.get(name) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw missing(name);
  }

  private static Optional<Instant> time(Map<String, Object> claims, String name) {
    var value = claims.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Long seconds && seconds > 0 && seconds < 253_402_300_799L) {
      return Optional.of(Instant.ofEpochSecond(seconds));
    }
    throw Refused.invalidToken("The claim " + name + " must be an integer");
  }

  private static Refused missing(String claim) {
    return Refused.invalidToken("Missing a required claim: " + claim);
  }

  private static Refused notAToken() {
    return Refused.invalidToken("The ID Token provided is not a valid JWT.");
  }

  private static Map<String, Object> json(String part) {
    return Json.object(new String(decode(part), StandardCharsets.UTF_8))
        .orElseThrow(WebIdentity::notAToken);
  }

  private static byte[] decode(String part) {
    if (part.indexOf('=') >= 0) {
      throw notAToken();
    }
    try {
      return Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException e) {
      throw notAToken();
    }
  }
}
