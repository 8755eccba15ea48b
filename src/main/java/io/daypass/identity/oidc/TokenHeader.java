package io.daypass.identity.oidc;

import io.daypass.identity.Rejection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token's header may say. It chooses among the keys its issuer published and nothing more: a
 * member that brings a key, points to one, or changes how the bytes are read ({@code jku jwk x5u
 * x5c crit b64 zip} and any other) is refused, not ignored.
 *
 * @param x5t thumbprint of the key's certificate, which GitHub and Entra send: accepted only where
 *     the issuer's own entry for the key has the very same, see {@link VerifyingKey#hasThumbprints}
 * @param x5tS256 likewise
 */
record TokenHeader(String algorithm, String kid, @Nullable String x5t, @Nullable String x5tS256) {

  private static final Set<String> MEMBERS = Set.of("alg", "kid", "typ", "x5t", "x5t#S256");

  /**
   * What ID tokens and the tokens of CI systems say they are, if anything (RFC 7519 section 5.1);
   * access tokens, logout tokens and this broker's own assertions say otherwise.
   */
  private static final Set<String> TYPES = Set.of("jwt", "application/jwt");

  private static final int LONGEST_KID = 128;

  /** Why a header with these members is not accepted. */
  static Optional<Rejection> refusal(Map<String, @Nullable Object> members) {
    if (!MEMBERS.containsAll(members.keySet())) {
      return Optional.of(Rejection.HEADER_NOT_ALLOWED);
    }
    if (!areTexts(members)) {
      return Optional.of(Rejection.TOKEN_MALFORMED);
    }
    if (members.get("typ") instanceof String type
        && !TYPES.contains(type.toLowerCase(Locale.ROOT))) {
      return Optional.of(Rejection.TOKEN_TYPE_NOT_ALLOWED);
    }
    if (!(members.get("alg") instanceof String algorithm) || !Algorithms.isKnown(algorithm)) {
      return Optional.of(Rejection.ALGORITHM_NOT_ALLOWED);
    }
    // Also where the issuer has one key only: which key a token means is never guessed.
    return members.get("kid") instanceof String kid && isKid(kid)
        ? Optional.empty()
        : Optional.of(Rejection.KEY_UNKNOWN);
  }

  /** Only of members that {@link #refusal} has nothing against. */
  static TokenHeader of(Map<String, @Nullable Object> members) {
    return new TokenHeader(
        String.valueOf(members.get("alg")),
        String.valueOf(members.get("kid")),
        (String) members.get("x5t"),
        (String) members.get("x5t#S256"));
  }

  static boolean isKid(String kid) {
    return !kid.isBlank()
        && kid.length() <= LONGEST_KID
        && kid.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  private static boolean areTexts(Map<String, @Nullable Object> members) {
    return members.values().stream().allMatch(String.class::isInstance);
  }
}
