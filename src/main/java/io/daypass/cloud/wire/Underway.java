package io.daypass.cloud.wire;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.Cancellable;

/**
 * The exchanges that are not over, cut off at their deadlines. One look at all of them now and then
 * costs less than a timer for each, which would wake a thread twice per exchange.
 */
final class Underway {

  /** So long after its deadline an exchange may still go on. */
  static final Duration TICK = Duration.ofMillis(25);

  private static final int IDLE_LOOKS = 40;

  private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean watched = new AtomicBoolean();

  /** One exchange. */
  static final class Entry {
    private final Cancellable exchange;
    private final Deadline deadline;
    private volatile boolean cut;

    private Entry(Cancellable exchange, Deadline deadline) {
      this.exchange = exchange;
      this.deadline = deadline;
    }

    /** Whether it was ended here: its connection is closed then. */
    boolean isCut() {
      return cut;
    }

    private void cutIfOver() {
      if (deadline.nanosLeft() <= 0) {
        cut = true;
        exchange.cancel();
      }
    }
  }

  /** From now on {@code exchange} is cancelled once its deadline is over. */
  Entry begin(Cancellable exchange, Deadline deadline) {
    var entry = new Entry(exchange, deadline);
    entries.add(entry);
    if (watched.compareAndSet(false, true)) {
      Thread.ofVirtual().name("wire-deadlines").start(this::watch);
    }
    return entry;
  }

  void end(Entry entry) {
    entries.remove(entry);
  }

  private void watch() {
    do {
      for (int idle = 0; idle < IDLE_LOOKS; idle = entries.isEmpty() ? idle + 1 : 0) {
        pause();
        entries.forEach(Entry::cutIfOver);
      }
      watched.set(false);
      // Somebody may have begun between the last look and the line above.
    } while (!entries.isEmpty() && watched.compareAndSet(false, true));
  }

  private static void pause() {
    try {
      Thread.sleep(TICK);
    } catch (InterruptedException e) {
      // Nobody has this thread to interrupt it; to end here would leave exchanges without an end.
    }
  }
}
