package io.daypass.cli.client;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * What a token says of itself, unproved. The broker checks the signature of every token it is
 * shown; here it only matters whose it seems to be and when it is over.
 */
public record IdToken(Members claims) {

  /** The claims of a compact JWT; empty if {@code token} is none. */
  public static Optional<IdToken> read(String token) {
    var parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      var json = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      return Members.read(json).map(IdToken::new);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  public Optional<Instant> expires() {
    return claims
        .number("exp")
        .filter(exp -> exp > 0 && exp < 253_402_300_800L)
        .map(Instant::ofEpochSecond);
  }
}
