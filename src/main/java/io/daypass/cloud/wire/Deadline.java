package io.daypass.cloud.wire;

import java.time.Duration;

/** An instant of the monotonic clock by which something must be over. */
public record Deadline(long nanos) {

  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** The earlier of this and {@code time} from now. */
  public Deadline orIn(Duration time) {
    var sooner = in(time);
    return sooner.nanos - nanos < 0 ? sooner : this;
  }

  /** Negative once it is over. */
  public long nanosLeft() {
    return nanos - System.nanoTime();
  }
}
