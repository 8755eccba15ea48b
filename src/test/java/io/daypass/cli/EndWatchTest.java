package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class EndWatchTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant END = NOW.plus(Duration.ofMinutes(30));

  private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private EndWatch watch(Instant end, UnaryOperator<Instant> later) {
    return new EndWatch(
        clock::get,
        end,
        later,
        new EndWatch.Voice() {
          @Override
          public void soon(Instant at) {
            said.add("soon " + at);
          }

          @Override
          public void over(Instant at) {
            said.add("over " + at);
          }
        });
  }

  private String next() throws InterruptedException {
    return String.valueOf(said.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void itWarnsFiveMinutesBeforeAndSaysWhenItIsOver() throws InterruptedException {
    try (var _ = watch(END, end -> end)) {
      clock.set(END.minus(Duration.ofMinutes(5)));
      assertThat(next()).isEqualTo("soon " + END);
      clock.set(END);
      assertThat(next()).isEqualTo("over " + END);
    }
  }

  @Test
  void whatIsNearAlreadyIsNotSaidTwice() throws InterruptedException {
    clock.set(END.minus(Duration.ofMinutes(4)));
    try (var _ = watch(END, end -> end)) {
      clock.set(END);
      assertThat(next()).isEqualTo("over " + END);
    }
  }

  @Test
  void whatWasExtendedUponTheWarningIsWarnedOfAgain() throws InterruptedException {
    var moved = END.plus(Duration.ofHours(1));
    var extended = new AtomicReference<>(END);
    try (var _ = watch(END, _ -> extended.get())) {
      clock.set(END.minus(Duration.ofMinutes(5)));
      assertThat(next()).isEqualTo("soon " + END);
      extended.set(moved);
      clock.set(END);
      clock.set(moved.minus(Duration.ofMinutes(5)));
      assertThat(next()).isEqualTo("soon " + moved);
      clock.set(moved);
      assertThat(next()).isEqualTo("over " + moved);
    }
  }

  @Test
  void anEndThatHasMovedIsWarnedOfWhenItComes() throws InterruptedException {
    var moved = END.plus(Duration.ofHours(1));
    try (var _ = watch(END, end -> moved)) {
      clock.set(END);
      // Nothing is said of the old end: what comes first is the warning of the new one.
      clock.set(moved.minus(Duration.ofMinutes(5)));
      assertThat(next()).isEqualTo("soon " + moved);
    }
  }
}
