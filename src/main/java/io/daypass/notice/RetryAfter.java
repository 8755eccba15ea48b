package io.daypass.notice;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Retry-After header (RFC 9110, section 10.2.3), in seconds only: a date needs one clock. */
final class RetryAfter {

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private RetryAfter() {}

  static @Nullable Duration of(String header) {
    return SECONDS.matcher(header).matches() ? Duration.ofSeconds(Long.parseLong(header)) : null;
  }
}
