package io.daypass.cli.credential;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a credential lives, and from when on another is better.
 *
 * @param taken when it came
 * @param grantEnds the end of the grant it came under; null if the broker did not say
 */
public record Life(Instant taken, Instant expires, @Nullable Instant grantEnds) {

  /**
   * Botocore renews within the last 15 minutes, and takes an error within the last 10 for the end
   * although the keys are good: a fresh one should be there before it asks.
   */
  private static final Duration EARLY = Duration.ofMinutes(16);

  /**
   * Clouds count in whole seconds, and a token of Google's is asked to end 5 s before its grant; on
   * the way there its life is cut to whole seconds once more.
   */
  private static final Duration CLOSE = Duration.ofSeconds(10);

  /** Whether it still opens anything. */
  public boolean isGood(Instant now) {
    return now.isBefore(expires);
  }

  /** Whether another would be good for longer, and it is time to have it. */
  public boolean isOld(Instant now) {
    if (grantEnds != null && !expires.isBefore(grantEnds.minus(CLOSE))) {
      // Nothing can outlive the grant: what there is, is handed back to the last second.
      return !isGood(now);
    }
    var half = (expires.getEpochSecond() - taken.getEpochSecond()) / 2;
    return !now.isBefore(expires.minusSeconds(Math.min(half, EARLY.toSeconds())));
  }
}
