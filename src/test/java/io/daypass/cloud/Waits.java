package io.daypass.cloud;

import io.daypass.cloud.wire.Limits;
import java.time.Duration;

/** How long tests wait for a cloud; the pause between attempts is next to nothing. */
public final class Waits {

  /** For clouds that answer. */
  public static final Limits QUICK =
      of(Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(10));

  /** For clouds that do not. */
  public static final Limits SHORT =
      of(Duration.ofMillis(1500), Duration.ofMillis(500), Duration.ofMillis(800));

  private Waits() {}

  public static Limits of(Duration total, Duration connect, Duration attempt) {
    return new Limits(
        total, connect, attempt, 3, Duration.ofMillis(2), 64, 20, Duration.ofMinutes(5));
  }
}
