package io.daypass.lease;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before something that failed is tried again.
 *
 * @param first the pause after the first failure; it doubles up to {@code longest}
 */
public record Backoff(Duration first, Duration longest) {

  /**
   * The pause after so many tries.
   *
   * @param jitter spreads repeated tries; need not be unpredictable
   */
  public Duration pause(int tries, RandomGenerator jitter) {
    var doubled = first.multipliedBy(1L << Math.clamp(tries - 1, 0, 20));
    var bound = doubled.compareTo(longest) < 0 ? doubled : longest;
    // Half of it at least, so that whoever is asked too often gets the rest they need.
    return bound.dividedBy(2).plusMillis(jitter.nextLong(bound.toMillis() / 2 + 1));
  }
}
