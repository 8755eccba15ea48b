package io.daypass.issuer;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * What Daypass tells a cloud about an issuance.
 *
 * @param id the jti; the issuance's id
 * @param claims besides iss, sub, aud, iat, nbf, exp, jti
 */
public record Assertion(
    String subject,
    String audience,
    String id,
    Instant issuedAt,
    Instant expiresAt,
    Map<String, Object> claims) {

  private static final Set<String> OURS = Set.of("iss", "sub", "aud", "iat", "nbf", "exp", "jti");

  public Assertion {
    claims = Map.copyOf(claims);
    if (!Collections.disjoint(claims.keySet(), OURS)) {
      throw new IllegalArgumentException("registered claims are set by their own members");
    }
  }
}
