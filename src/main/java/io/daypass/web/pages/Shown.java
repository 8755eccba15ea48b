package io.daypass.web.pages;

import io.daypass.identity.Harmless;
import io.daypass.identity.Identity;
import io.daypass.policy.Durations;
import io.daypass.request.AccessRequest;
import io.daypass.web.api.Wire;
import io.daypass.web.pages.view.Fact.Moment;
import io.daypass.web.pages.view.Fact.Person;
import io.daypass.web.pages.view.MainView.RoleLine;
import io.daypass.web.pages.view.State;
import io.daypass.web.pages.view.State.Tone;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The broker's values as people read them. */
final class Shown {

  private static final int LONGEST = 200;
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Shown() {}

  /** Text in which no character does anything but show itself. */
  static String harmless(String html) {
    var text = new StringBuilder(html.length());
    html.codePoints()
        .forEach(point -> {
          if (point == '\n' || point == '\t' || Harmless.is(point)) {
            text.appendCodePoint(point);
          } else {
            text.append(String.format(Locale.ROOT, "\\u{%x}", point));
          }
        });
    return text.toString();
  }

  /** As much of a claim as a page has room for. */
  static String cut(String foreign) {
    return foreign.codePointCount(0, foreign.length()) <= LONGEST
        ? foreign
        : foreign.substring(0, foreign.offsetByCodePoints(0, LONGEST)) + "…";
  }

  static @Nullable String cutOrNull(@Nullable String foreign) {
    return foreign == null ? null : cut(foreign);
  }

  static Person person(Identity identity) {
    var id = identity.id();
    return new Person(cut(identity.shownAs()), cut(id.issuer() + " " + id.subject()));
  }

  /** To the minute, and how far it is from {@code now}. */
  static Moment moment(Instant instant, Instant now) {
    return new Moment(instant.toString(), MINUTES.format(instant), away(instant, now));
  }

  /** To the second, as it decides. */
  static Moment exact(Instant instant, Instant now) {
    return new Moment(instant.toString(), SECONDS.format(instant), away(instant, now));
  }

  /** To the second, of something that is a while ago. */
  static Moment past(Instant instant) {
    return new Moment(instant.toString(), SECONDS.format(instant), null);
  }

  private static String away(Instant instant, Instant now) {
    var between = Duration.between(now, instant);
    if (between.toSeconds() == 0) {
      return "now";
    }
    var far = rounded(between.abs());
    return between.isNegative() ? far + " ago" : "in " + far;
  }

  /** Rounded down: nobody is told of more time than is left. */
  private static String rounded(Duration far) {
    if (far.compareTo(Duration.ofMinutes(1)) < 0) {
      return far.toSeconds() + "s";
    }
    var shown = far.compareTo(Duration.ofDays(1)) < 0 ? far.toMinutes() : far.toHours() * 60;
    return Durations.show(Duration.ofMinutes(shown));
  }

  static State state(AccessRequest request, Instant now) {
    return switch (request.statusAt(now)) {
      case PENDING -> new State("waits for approval", Tone.WAITING);
      case LAPSED -> new State("lapsed", Tone.OVER);
      case APPROVED ->
          request.grantAt(now).isPresent()
              ? new State("active", Tone.LIVE)
              : new State("approved, starts later", Tone.LIVE);
      case ENDED -> new State("ended", Tone.OVER);
      case DENIED -> new State("denied", Tone.REFUSED);
      case CANCELLED -> new State("cancelled", Tone.OVER);
      case RETURNED -> new State("returned", Tone.OVER);
      case REVOKED -> new State("revoked", Tone.REFUSED);
    };
  }

  static RoleLine role(Wire.Role role) {
    return new RoleLine(
        role.name(),
        role.description(),
        access(role.access()),
        role.cloud(),
        takes(role.automatic(), role.approval()),
        role.maxDuration());
  }

  static String access(String word) {
    return word.replace('_', '-');
  }

  static String takes(boolean automatic, List<Wire.Line> lines) {
    return automatic
        ? "nobody's approval"
        : lines.stream().map(Shown::line).collect(Collectors.joining(" and "));
  }

  private static String line(Wire.Line line) {
    return (line.count() == 1 ? "one person with " : line.count() + " people with ") + line.from();
  }
}
