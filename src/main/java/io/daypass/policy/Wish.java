package io.daypass.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What somebody asks of a role: for how long, why, and under which ticket. */
public record Wish(Duration duration, String reason, @Nullable String ticket) {

  public Wish {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException("a wish is for more than no time");
    }
  }
}
