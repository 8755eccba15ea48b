package io.daypass.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
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
      var end = isNear ? first : said(clock, first, later, voice::soon, BEFORE);
      said(clock, end, later, voice::over, Duration.ZERO);
    } catch (InterruptedException _) {
      // The command has ended before.
    }
  }

  private static Instant said(
      InstantSource clock,
      Instant first,
      UnaryOperator<Instant> later,
      Consumer<Instant> word,
      Duration before)
      throws InterruptedException {
    var end = first;
    while (true) {
      while (clock.instant().isBefore(end.minus(before))) {
        Thread.sleep(LOOK);
      }
      var now = later.apply(end);
      if (!now.isAfter(end)) {
        word.accept(end);
        return end;
      }
      end = now;
    }
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
