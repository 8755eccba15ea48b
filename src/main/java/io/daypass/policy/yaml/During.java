package io.daypass.policy.yaml;

import io.daypass.policy.Condition;
import io.daypass.policy.Facts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * Holds within one of some windows of time. A window is two dates, both whole days and both within
 * it, or two instants of which the second is not; in the named zone, else UTC.
 */
record During(List<Window> windows) implements Condition {

  static final String SHAPE =
      "a window such as 2026-12-20/2027-01-04 or 2026-12-20T18:00/2026-12-21T06:00 Europe/Berlin"
          + " (an hour that comes twice or never where clocks are changed takes offsets, as in"
          + " 2026-10-25T01:00+02:00/2026-10-25T02:30+01:00)";

  During {
    windows = List.copyOf(windows);
  }

  /** From {@code start} until before {@code end}. */
  record Window(Instant start, Instant end, String text) {

    static Optional<Window> parse(String text) {
      var words = text.split(" ", -1);
      var ends = words[0].split("/", -1);
      var zone = words.length == 2 ? Zones.parse(words[1]) : Optional.of(Zones.UTC);
      if (words.length > 2 || ends.length != 2 || zone.isEmpty()) {
        return Optional.empty();
      }
      try {
        var zoned = words.length == 2;
        var start = instant(ends[0], zone.get(), false, zoned);
        var end = instant(ends[1], zone.get(), true, zoned);
        var shown = zoned ? text : text + " UTC";
        return start.isBefore(end) ? Optional.of(new Window(start, end, shown)) : Optional.empty();
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }

    private static Instant instant(String text, ZoneId zone, boolean end, boolean zoned) {
      if (text.indexOf('T') < 0) {
        var date = LocalDate.parse(text);
        return (end ? date.plusDays(1) : date).atStartOfDay(zone).toInstant();
      }
      if (text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > 7) {
        if (zoned) {
          throw new DateTimeException("an offset and a zone");
        }
        return OffsetDateTime.parse(text).toInstant();
      }
      var local = LocalDateTime.parse(text);
      // When clocks are set back an hour comes twice, when they are set forward one never comes.
      if (zone.getRules().getValidOffsets(local).size() != 1) {
        throw new DateTimeException("which of two, or none");
      }
      return local.atZone(zone).toInstant();
    }
  }

  @Override
  public Truth holds(Facts facts) {
    return Truth.of(
        windows.stream()
            .anyMatch(w -> !facts.now().isBefore(w.start()) && facts.now().isBefore(w.end())));
  }

  @Override
  public String text() {
    return String.join(", or ", windows.stream().map(Window::text).toList());
  }
}
