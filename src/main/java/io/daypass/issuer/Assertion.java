package io.daypass.issuer;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

  /** How long what a cloud is shown says that it lives; it is shown within seconds. */
  public static final Duration LIFE = Duration.ofSeconds(60);

  /**
   * By so much that is dated back, for a cloud whose clock is behind ours takes nothing from its
   * future: Google wants {@code iat} in the past (IAM guide, "Prepare your external IdP"), Entra
   * refuses an {@code nbf} to come (AADSTS700024), and neither AWS nor Google names a leeway. A
   * checkup finds clocks that differ by more.
   */
  public static final Duration DATED_BACK = Duration.ofSeconds(20);

  private static final Set<String> OURS = Set.of("iss", "sub", "aud", "iat", "nbf", "exp", "jti");

  public Assertion {
    claims = Map.copyOf(claims);
    if (!Collections.disjoint(claims.keySet(), OURS)) {
      throw new IllegalArgumentException("registered claims are set by their own members");
    }
  }

  /** What a cloud is shown for a credential, and nobody else. */
  public static Assertion toCloud(
      String subject, String audience, String id, Instant now, Map<String, Object> claims) {
    var issuedAt = now.truncatedTo(ChronoUnit.SECONDS).minus(DATED_BACK);
    return new Assertion(subject, audience, id, issuedAt, issuedAt.plus(LIFE), claims);
  }
}
