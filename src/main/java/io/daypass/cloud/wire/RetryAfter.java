package io.daypass.cloud.wire;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Retry-After header (RFC 9110, section 10.2.3), in seconds only. */
public final class RetryAfter {

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,4}");

  private RetryAfter() {}

  /** Dates are not read: a clock that differs would make a long wait of a short one. */
  public static @Nullable Duration of(String header) {
    return SECONDS.matcher(header).matches() ? Duration.ofSeconds(Long.parseLong(header)) : null;
  }
}
