package io.daypass.web;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What may still fail of one household. A try is a failure until it is known to be none, so that
 * many at once are no more than in a row. Who comes when nothing is left but for those under way
 * waits a while for what becomes of them: whose token is good is not refused for being many.
 */
final class Tries {

  private static final long PATIENCE = Duration.ofSeconds(2).toNanos();
  private static final long LOOK_MILLIS = 50;

  private final Bucket bucket;
  private final LongSupplier nanos;
  private int underWay;

  /**
   * As many as {@code bucket} holds.
   *
   * @param nanos rises with time, never falls
   */
  Tries(Bucket bucket, LongSupplier nanos) {
    this.bucket = bucket;
    this.nanos = nanos;
  }

  /** Begins one, which must be ended; or says how long to wait before another. */
  synchronized Optional<Duration> begin() {
    var came = nanos.getAsLong();
    var probe = bucket.tryConsumeAndReturnRemaining(1);
    while (!probe.isConsumed() && underWay > 0 && nanos.getAsLong() - came < PATIENCE) {
      try {
        wait(LOOK_MILLIS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        break;
      }
      probe = bucket.tryConsumeAndReturnRemaining(1);
    }
    if (!probe.isConsumed()) {
      return Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
    underWay++;
    return Optional.empty();
  }

  /** Ends one. */
  synchronized void end(boolean failed) {
    underWay--;
    if (!failed) {
      bucket.addTokens(1);
    }
    if (underWay == 0) {
      notifyAll();
    } else if (!failed) {
      notify();
    }
  }
}
