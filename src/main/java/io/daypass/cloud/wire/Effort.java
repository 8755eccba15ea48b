package io.daypass.cloud.wire;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How hard a call is tried: again only where the failure left nothing behind, after a pause of any
 * length up to a doubling bound (so that callers who failed together do not return together), and
 * never past the deadline of the whole.
 */
public final class Effort {

  private final Limits limits;
  private final RandomGenerator jitter;

  public Effort(Limits limits, RandomGenerator jitter) {
    this.limits = limits;
    this.jitter = jitter;
  }

  /** What {@code call} answers at last; what it fails for covers the attempts before the last. */
  public <T> T make(Call<T> call) throws Failure {
    var whole = Deadline.in(limits.total());
    var doubts = false;
    for (int attempt = 1; ; attempt++) {
      try {
        return call.attempt(whole.orIn(limits.attempt()));
      } catch (Failure failure) {
        if (!failure.repeatable()
            || attempt >= limits.attempts()
            || !paused(pause(failure, attempt), whole)) {
          throw doubts ? failure.inDoubt() : failure;
        }
        doubts |= failure.reason().mayExist();
      }
    }
  }

  private Duration pause(Failure failure, int attempt) {
    var bound = limits.backoff().toNanos() << (attempt - 1);
    var drawn = Duration.ofNanos(jitter.nextLong(bound + 1));
    var asked = failure.retryAfter();
    return asked == null ? drawn : asked.plus(drawn);
  }

  /** Whether the pause is over and time is left. */
  private static boolean paused(Duration pause, Deadline whole) {
    if (pause.compareTo(Duration.ofNanos(whole.nanosLeft())) >= 0) {
      return false;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** One attempt, to be over by its deadline. */
  @FunctionalInterface
  public interface Call<T> {
    T attempt(Deadline deadline) throws Failure;
  }
}
