package io.daypass.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations as people write them: {@code 30m}, {@code 8h}, {@code 1h30m}, {@code 90s}, {@code 2d},
 * or ISO-8601 {@code PT2H}.
 */
public final class Durations {

  private static final Pattern SHAPE =
      Pattern.compile("(?:([0-9]{1,4})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,8})s)?");

  // Whole seconds, none of them taken away again: what is written is what is meant.
  private static final Pattern ISO =
      Pattern.compile("()(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8})S)?");

  private Durations() {}

  /** The duration {@code text} spells; empty if it spells none, or not more than no time. */
  public static Optional<Duration> parse(String text) {
    var matcher = text.startsWith("PT") ? ISO.matcher(text.substring(2)) : SHAPE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var duration =
        Duration.ofDays(number(matcher.group(1)))
            .plusHours(number(matcher.group(2)))
            .plusMinutes(number(matcher.group(3)))
            .plusSeconds(number(matcher.group(4)));
    return duration.isPositive() ? Optional.of(duration) : Optional.empty();
  }

  /** The shortest way to write it, to the second. */
  public static String show(Duration duration) {
    var text = new StringBuilder();
    part(text, duration.toDays(), "d");
    part(text, duration.toHoursPart(), "h");
    part(text, duration.toMinutesPart(), "m");
    part(text, duration.toSecondsPart(), "s");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void part(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(amount).append(unit);
    }
  }

  private static long number(@Nullable String digits) {
    return digits == null || digits.isEmpty() ? 0 : Long.parseLong(digits);
  }
}
