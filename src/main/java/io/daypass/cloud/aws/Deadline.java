package io.daypass.cloud.aws;

import java.time.Duration;

/** An instant of the monotonic clock by which something must be over. */
record Deadline(long nanos) {

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** The earlier of this and {@code time} from now. */
  Deadline orIn(Duration time) {
    var sooner = in(time);
    return sooner.nanos - nanos < 0 ? sooner : this;
  }

  /** Negative once it is over. */
  long nanosLeft() {
    return nanos - System.nanoTime();
  }
}
