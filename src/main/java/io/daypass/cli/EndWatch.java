package io.daypass.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/**
 * Warns before something ends, and says when it has. It looks at the clock again and again instead
 * of sleeping until then: a laptop that was shut meanwhile counts too.
 */
final class EndWatch implements AutoCloseable {

  private static final Duration BEFORE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Thread watch;

  /** What is said. */
  interface Voice {
    void soon(Instant end);

    void over(Instant end);
  }

  /**
   * Watches until closed.
   *
   * @param later asked for the end again before anything is said: it may have moved
   */
  EndWatch(InstantSource clock, Instant end, UnaryOperator<Instant> later, Voice voice) {
    // What is near already has been said by whoever starts this.
    var isNear = !clock.instant().isBefore(end.minus(BEFORE));
    watch = Thread.ofVirtual().start(() -> watch(clock, end, isNear, later, voice));
  }

  private static void watch(
      InstantSource clock,
      Instant first,
      boolean isNear,
      UnaryOperator<Instant> later,
      Voice voice) {
    try {
      var end = first;
      var isWarned = isNear;
      while (true) {
        var next = isWarned ? end : end.minus(BEFORE);
        while (clock.instant().isBefore(next)) {
          Thread.sleep(LOOK);
        }
        var now = later.apply(end);
        if (now.isAfter(end)) {
          end = now;
          // Of the new end nobody has been told.
          isWarned = false;
        } else if (isWarned) {
          voice.over(end);
          return;
        } else {
          voice.soon(end);
          isWarned = true;
        }
      }
    } catch (InterruptedException _) {
      // The command has ended before.
    }
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
