package io.daypass.issuer;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * What Daypass tells a cloud about an issuance.
 *
 * @param id the jti; the issuance's id
 * @param issuedAt the time at which it is made; what it says of that is {@link #validFrom}
 * @param claims besides iss, sub, aud, iat, nbf, exp, jti
 */
public record Assertion(
    String subject,
    String audience,
    String id,
    Instant issuedAt,
    Instant expiresAt,
    Map<String, Object> claims) {

  /**
   * By so much it is dated back, for a cloud whose clock is behind ours takes nothing from its
   * future: Google wants {@code iat} in the past (IAM guide, "Prepare your external IdP"), Entra
   * refuses an {@code nbf} to come (AADSTS700024), and neither AWS nor Google names a leeway. A
   * checkup finds clocks that differ by more.
   */
  private static final Duration DATED_BACK = Duration.ofSeconds(30);

  private static final Set<String> OURS = Set.of("iss", "sub", "aud", "iat", "nbf", "exp", "jti");

  public Assertion {
    claims = Map.copyOf(claims);
    if (!Collections.disjoint(claims.keySet(), OURS)) {
      throw new IllegalArgumentException("registered claims are set by their own members");
    }
  }

  /** What {@code iat} and {@code nbf} say. */
  public Instant validFrom() {
    return issuedAt.minus(DATED_BACK);
  }
}
