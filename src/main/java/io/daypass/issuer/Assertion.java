package io.daypass.issuer;

import java.time.Instant;
import java.util.Map;

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

  public Assertion {
    claims = Map.copyOf(claims);
  }
}
