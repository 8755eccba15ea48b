package io.daypass.app;

import io.daypass.cloud.BindingStore;
import io.daypass.cloud.Remover;
import io.daypass.cloud.Sweeper;
import io.daypass.web.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/** When this replica looks for bindings that must go, and what it says of those that stay. */
final class Sweeping {

  /** A removal begins before its end; what is there so long after it is worth a look. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final BindingStore store;
  private final Sweeper sweeper;
  private volatile int overdue;

  Sweeping(
      BindingStore store, List<Remover> removers, ThreadFactory threads, RandomGenerator jitter) {
    this.store = store;
    this.sweeper = new Sweeper(store, removers, Sweeper.Pace.STANDARD, threads, jitter);
  }

  void measuredBy(Metrics metrics) {
    metrics.gauge(
        "daypass.bindings.overdue",
        "Access made in a cloud for a grant that is over, and still there",
        () -> overdue);
  }

  void begin(Upkeep upkeep) {
    upkeep.every(Duration.ofSeconds(1), "bindings", sweeper::run);
    upkeep.every(Duration.ofSeconds(10), "overdue bindings", () -> overdue = store.overdue(GRACE));
  }

  /** Begins nothing more, and waits until what was begun is done; whether it is. */
  boolean end(Duration patience) {
    return sweeper.end(patience);
  }

  /** A grant was ended, or something was made for one that is over: looks at once. */
  void hurry(Upkeep upkeep) {
    upkeep.now("bindings", sweeper::run);
  }
}
