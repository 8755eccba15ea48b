package io.daypass.web;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** The places in which calls are worked on: what ends access never waits behind the rest. */
final class Lanes {

  /** It takes so many households to fill the places in which it is seen who calls. */
  private static final int HOUSEHOLDS = 8;

  private final OffLoop entries;
  private final OffLoop work;
  private final OffLoop urgent;
  private final OffLoop operations;
  private final AtomicBoolean draining = new AtomicBoolean();

  Lanes(HttpLimits limits, Executor threads, Executor urgentThreads) {
    var entered = Math.max(limits.places(), limits.reservedPlaces());
    var each = Math.max(limits.reservedPlaces(), entered / HOUSEHOLDS);
    this.entries = new OffLoop(threads, entered, each);
    this.work = new OffLoop(threads, limits.places());
    this.urgent =
        new OffLoop(urgentThreads, limits.reservedPlaces(), limits.reservedPlacesPerPeer());
    this.operations = new OffLoop(threads, limits.reservedPlaces());
  }

  OffLoop of(Route.Lane lane) {
    return switch (lane) {
      case WORK -> work;
      case URGENT -> urgent;
      case OPERATIONS, MEMORY -> operations;
    };
  }

  /** Where it is seen, from memory, who wants access ended. */
  OffLoop entries() {
    return entries;
  }

  boolean isDraining() {
    return draining.get();
  }

  /** Lets no work begin and waits for what is in flight. */
  boolean drain(Duration atMost) {
    draining.set(true);
    try {
      // Urgent work is short; a quarter of the time is more than it needs. Who is let in goes on
      // from one to the next, so they are closed in that order.
      var entered = entries.close(atMost.dividedBy(8));
      var finished = work.close(atMost.multipliedBy(3).dividedBy(4));
      return urgent.close(atMost.dividedBy(8)) && finished && entered;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
