package io.daypass.web;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** The places in which calls are worked on: what ends access never waits behind the rest. */
final class Lanes {

  private final OffLoop work;
  private final OffLoop urgent;
  private final OffLoop operations;
  private final AtomicBoolean draining = new AtomicBoolean();

  Lanes(HttpLimits limits, Executor threads, Executor urgentThreads) {
    this.work = new OffLoop(threads, limits.places());
    this.urgent = new OffLoop(urgentThreads, limits.reservedPlaces());
    this.operations = new OffLoop(threads, limits.reservedPlaces());
  }

  OffLoop of(Route.Lane lane) {
    return switch (lane) {
      case WORK -> work;
      case URGENT -> urgent;
      case OPERATIONS, MEMORY -> operations;
    };
  }

  boolean isDraining() {
    return draining.get();
  }

  /** Lets no work begin and waits for what is in flight. */
  boolean drain(Duration atMost) {
    draining.set(true);
    try {
      // Urgent work is short; a quarter of the time is more than it needs.
      var finished = work.close(atMost.multipliedBy(3).dividedBy(4));
      return urgent.close(atMost.dividedBy(4)) && finished;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
