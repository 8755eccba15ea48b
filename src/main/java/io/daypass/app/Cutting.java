package io.daypass.app;

import io.daypass.cloud.CutStore;
import io.daypass.cloud.SessionCuts;
import io.daypass.cloud.SessionCutter;
import io.daypass.settings.Settings;
import io.daypass.web.Metrics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/** When this replica looks for sessions to cut, and what it says of those that it could not. */
final class Cutting {

  /** It takes a call or two; what lives so long after that is worth a look. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final CutStore store;
  private final Optional<SessionCuts> cuts;
  private volatile int overdue;

  private Cutting(CutStore store, Optional<SessionCuts> cuts) {
    this.store = store;
    this.cuts = cuts;
  }

  /** Cuts nothing where the settings name nobody who may. */
  static Cutting over(
      Settings settings,
      CutStore store,
      SessionCutter cutter,
      ThreadFactory threads,
      RandomGenerator jitter) {
    return new Cutting(
        store,
        Optional.ofNullable(settings.clouds().aws().revoker())
            .map(_ -> new SessionCuts(store, cutter, SessionCuts.Pace.STANDARD, threads, jitter)));
  }

  void measuredBy(Metrics metrics) {
    metrics.gauge(
        "daypass.cuts.overdue",
        "Grants that were ended early, and whose live sessions the cloud does not deny yet",
        () -> overdue);
  }

  void begin(Upkeep upkeep) {
    cuts.ifPresent(known -> {
      upkeep.every(Duration.ofSeconds(1), "cuts", known::run);
      upkeep.every(Duration.ofSeconds(10), "overdue cuts", () -> overdue = store.overdue(GRACE));
    });
  }

  /** Begins nothing more, and waits until what was begun is done; whether it is. */
  boolean end(Duration patience) {
    return cuts.map(known -> known.end(patience)).orElse(true);
  }

  /** A grant was ended: looks at once. */
  void hurry(Upkeep upkeep) {
    cuts.ifPresent(known -> upkeep.now("cuts", known::run));
  }
}
