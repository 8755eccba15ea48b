package io.daypass.cli;

import io.daypass.cli.child.AwsOutfit;
import java.time.Duration;
import java.time.Instant;

/**
 * Keys in hand, and the grant they came under.
 *
 * @param taken when they came
 * @param ends when the grant ends, as far as known
 */
record Lease(AwsOutfit.Keys keys, String request, Instant taken, Instant expires, Instant ends) {

  /**
   * Botocore renews within the last 15 minutes, and takes an error within the last 10 for the end
   * although the keys are good: newer ones should be there before it asks.
   */
  private static final Duration EARLY = Duration.ofMinutes(16);

  /** Clouds count in whole seconds. */
  private static final Duration ROUNDING = Duration.ofSeconds(2);

  boolean isGood(Instant now) {
    return now.isBefore(expires);
  }

  /** Whether others would be good for longer, and it is time to have them. */
  boolean isOld(Instant now) {
    if (!expires.isBefore(ends.minus(ROUNDING))) {
      // Nothing outlives the grant: what there is, is handed out to the last second.
      return !isGood(now);
    }
    var half = Duration.between(taken, expires).dividedBy(2);
    return !now.isBefore(expires.minus(half.compareTo(EARLY) < 0 ? half : EARLY));
  }
}
