package io.daypass.sandbox;

import java.time.Instant;
import java.time.InstantSource;

/** Time that passes when told. */
final class MovingClock implements InstantSource {

  private volatile Instant now;

  MovingClock(Instant now) {
    this.now = now;
  }

  synchronized void forward(long seconds) {
    now = now.plusSeconds(seconds);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
