package io.daypass.sandbox.http;

import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The faults an endpoint will show, set by tests; none to begin with. */
public final class Faults {

  private final ArrayDeque<Fault> upcoming = new ArrayDeque<>();
  private @Nullable Fault standing;
  private volatile boolean any;
  private int shown;

  /** The next {@code times} answers show {@code fault}, after those already lined up. */
  public synchronized void next(Fault fault, int times) {
    for (int i = 0; i < times; i++) {
      upcoming.add(fault);
    }
    any = true;
  }

  /** Every answer shows {@code fault}, until {@link #clear}. */
  public synchronized void always(Fault fault) {
    standing = fault;
    any = true;
  }

  public synchronized void clear() {
    upcoming.clear();
    standing = null;
    any = false;
  }

  /** The fault for the answer at hand. */
  public Optional<Fault> take() {
    // Read without the lock: most runs have no fault, and all requests come by here.
    return any ? takeOne() : Optional.empty();
  }

  private synchronized Optional<Fault> takeOne() {
    var lined = upcoming.poll();
    var fault = lined == null ? standing : lined;
    if (fault != null) {
      shown++;
    }
    return Optional.ofNullable(fault);
  }

  /** How many answers have shown a fault so far. */
  public synchronized int shown() {
    return shown;
  }
}
