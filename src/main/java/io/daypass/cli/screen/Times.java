package io.daypass.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Times and durations as people say them, in the time zone of who reads them. */
public record Times(Instant now, ZoneId zone) {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ENGLISH);
  private static final DateTimeFormatter YEAR =
      DateTimeFormatter.ofPattern("d MMM yyyy HH:mm", Locale.ENGLISH);
  private static final Duration NEAR = Duration.ofDays(180);

  /** A clock time; with the day if that is another one, with the year if it is far. */
  public String at(Instant instant) {
    var local = instant.atZone(zone);
    if (local.toLocalDate().equals(now.atZone(zone).toLocalDate())) {
      return TIME.format(local);
    }
    return (Duration.between(now, instant).abs().compareTo(NEAR) < 0 ? DAY : YEAR).format(local);
  }

  /** A clock time, and how far from now. */
  public String until(Instant instant) {
    return at(instant)
        + (instant.isAfter(now) ? ", in " + span(Duration.between(now, instant)) : "");
  }

  /** How long ago; or "now". */
  public String ago(Instant instant) {
    var past = Duration.between(instant, now);
    return past.compareTo(Duration.ofSeconds(1)) < 0 ? "now" : span(past) + " ago";
  }

  /** The two largest units: {@code 2 hours 5 minutes}, {@code 40 seconds}. */
  public static String span(Duration duration) {
    var parts = new ArrayList<String>();
    part(parts, duration.toDays(), "day");
    part(parts, duration.toHoursPart(), "hour");
    part(parts, duration.toMinutesPart(), "minute");
    // Seconds say something only where there are few of them.
    if (duration.toMinutes() < 2) {
      part(parts, duration.toSecondsPart(), "second");
    }
    return parts.isEmpty()
        ? "0 seconds"
        : String.join(" ", parts.subList(0, Math.min(2, parts.size())));
  }

  /** As on a clock that runs down: {@code 1:05:09}, {@code 5:09}. */
  public static String countdown(Duration duration) {
    var left = duration.isNegative() ? Duration.ZERO : duration;
    return left.toHours() > 0
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d", left.toMinutesPart(), left.toSecondsPart());
  }

  private static void part(List<String> parts, long amount, String unit) {
    if (amount > 0) {
      parts.add(amount + " " + unit + (amount == 1 ? "" : "s"));
    }
  }
}
