package io.daypass.policy.yaml;

import io.daypass.policy.Condition;
import io.daypass.policy.Facts;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Holds within some hours of some days, by the clock on the wall of a zone (UTC unless named): also
 * on the days when that clock is changed. Hours over midnight belong to the day they start on.
 */
record Between(List<Hours> hours) implements Condition {

  static final String SHAPE =
      "days, hours and a zone such as Mon-Fri 08:00-18:00 Europe/Berlin or 22:00-06:00 UTC";

  private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:([A-Za-z,-]+) )?([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])(?: (\\S+))?");

  Between {
    hours = List.copyOf(hours);
  }

  /**
   * The hours of some days of the week.
   *
   * @param end exclusive; midnight means the end of the day
   */
  record Hours(Set<DayOfWeek> days, LocalTime start, LocalTime end, ZoneId zone, String text) {

    Hours {
      days = Set.copyOf(days);
    }

    static Optional<Hours> parse(String text) {
      var matcher = TEXT.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      var days = days(matcher.group(1) == null ? "Mon-Sun" : matcher.group(1));
      var start = time(matcher.group(2), "");
      var end = time(matcher.group(3), "24:00");
      var named = matcher.group(4) != null;
      var zone = named ? Zones.parse(matcher.group(4)) : Optional.of(Zones.UTC);
      if (days.isEmpty() || start.isEmpty() || end.isEmpty() || zone.isEmpty()) {
        return Optional.empty();
      }
      var whole = matcher.group(2).equals("00:00") && matcher.group(3).equals("24:00");
      return start.equals(end) && !whole
          ? Optional.empty()
          : Optional.of(
              new Hours(days, start.get(), end.get(), zone.get(), named ? text : text + " UTC"));
    }

    private static Optional<LocalTime> time(String text, String midnight) {
      if (text.equals(midnight)) {
        return Optional.of(LocalTime.MIDNIGHT);
      }
      return text.compareTo("24") < 0 ? Optional.of(LocalTime.parse(text)) : Optional.empty();
    }

    private static Set<DayOfWeek> days(String text) {
      var days = EnumSet.noneOf(DayOfWeek.class);
      for (var part : text.split(",", -1)) {
        var ends = Arrays.stream(part.split("-", -1)).map(DAYS::indexOf).toList();
        if (ends.size() > 2 || ends.contains(-1)) {
          return Set.of();
        }
        // Fri-Mon goes over the weekend.
        for (int day = ends.getFirst(); ; day = (day + 1) % 7) {
          days.add(DayOfWeek.of(day + 1));
          if (day == ends.getLast()) {
            break;
          }
        }
      }
      return days;
    }

    boolean contain(Instant instant) {
      var local = instant.atZone(zone);
      var time = local.toLocalTime();
      var today = days.contains(local.getDayOfWeek());
      if (end.equals(LocalTime.MIDNIGHT)) {
        return today && !time.isBefore(start);
      }
      if (start.isBefore(end)) {
        return today && !time.isBefore(start) && time.isBefore(end);
      }
      var yesterday = days.contains(local.getDayOfWeek().minus(1));
      return (today && !time.isBefore(start)) || (yesterday && time.isBefore(end));
    }
  }

  @Override
  public Truth holds(Facts facts) {
    return Truth.of(hours.stream().anyMatch(h -> h.contain(facts.now())));
  }

  @Override
  public String text() {
    return String.join(", or ", hours.stream().map(Hours::text).toList());
  }
}
