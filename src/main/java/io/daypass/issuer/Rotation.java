package io.daypass.issuer;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a signing key stands in the JWKS before it signs, and after. A relying party may hold a
 * JWKS for {@code maxAge}, and a proxy between us may hold it as long again; a replica may learn of
 * a key one {@code reload} late; clocks may differ by {@code skew}. Within these bounds nobody ever
 * sees a signature whose key it cannot find.
 *
 * @param maxAge what the JWKS says of its own freshness
 * @param reload the longest time between two loads of a replica
 * @param longestToken the longest life of anything that is signed
 * @param skew by how much the clocks of replicas and relying parties may differ
 */
public record Rotation(Duration maxAge, Duration reload, Duration longestToken, Duration skew) {

  /** JWKS fresh for 5 minutes, loads a minute apart, tokens of at most 10 minutes, 5 of skew. */
  public static final Rotation STANDARD =
      new Rotation(
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofMinutes(5));

  public Rotation {
    if (!maxAge.isPositive() || !reload.isPositive() || !longestToken.isPositive()) {
      throw new IllegalArgumentException("a rotation's times are more than no time");
    }
    if (skew.isNegative()) {
      throw new IllegalArgumentException("skew is not negative");
    }
  }

  /** From the moment a key is published to its first use: at least twice the JWKS's max-age. */
  public Duration lead() {
    return maxAge.multipliedBy(2).plus(reload).plus(skew);
  }

  /** When a key leaves the JWKS whose successor signs from {@code successorUseFrom} on. */
  public Instant retirement(Instant successorUseFrom) {
    return successorUseFrom.plus(reload).plus(longestToken).plus(skew);
  }
}
