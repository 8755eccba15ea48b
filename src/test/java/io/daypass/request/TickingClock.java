package io.daypass.request;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that tests set; it moves on by a millisecond whenever it is asked. */
public final class TickingClock implements InstantSource {

  public static final Instant START = Instant.parse("2026-11-21T09:00:00Z");

  private Instant now = START;

  @Override
  public synchronized Instant instant() {
    now = now.plusMillis(1);
    return now;
  }

  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }
}
