package io.daypass.web.api;

import io.daypass.identity.Harmless;
import io.daypass.policy.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** Values as callers write them. */
final class Texts {

  private static final Duration LONGEST = Duration.ofDays(366);
  private static final int MOST = 1000;
  private static final int LONGEST_NAME = 1024;
  // What calendars and the database can follow, with room to reckon.
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
  private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  // Also the broker itself, as what it checks.
  private static final Pattern ISSUER = Pattern.compile("[a-z_][a-z0-9-]{0,31}");
  private static final Pattern KEY = Pattern.compile("[!-~]{1,64}");
  private static final Pattern TICKET = Pattern.compile("[!-~]{1,100}");

  private Texts() {}

  /** Short enough to reckon with. */
  static Optional<Duration> duration(String text) {
    return Durations.parse(text).filter(duration -> duration.compareTo(LONGEST) <= 0);
  }

  static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text))
          .filter(instant -> !instant.isBefore(FIRST) && !instant.isAfter(LAST));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  static boolean isRole(String text) {
    return ROLE.matcher(text).matches();
  }

  static boolean isKey(String text) {
    return KEY.matcher(text).matches();
  }

  static boolean isTicket(String text) {
    return TICKET.matcher(text).matches();
  }

  /** The name of an issuer or a subject: some text on one line. */
  static boolean isName(String text) {
    return !text.isBlank()
        && text.length() <= LONGEST_NAME
        && text.codePoints()
            .mapToObj(Character::getType)
            .noneMatch(type -> type == Character.CONTROL || type == Character.SURROGATE);
  }

  /** A subject, or an issuer's name and a subject after a space. */
  static boolean isCaller(String text) {
    var parts = text.split(" ", 2);
    return isName(parts[parts.length - 1])
        && (parts.length == 1 || ISSUER.matcher(parts[0]).matches());
  }

  /**
   * Text for people: no controls but line ends, nothing that turns the text around it (Unicode
   * Technical Report 36, 2.5), so that an approver reads what was written.
   */
  static boolean isProse(String text) {
    return text.codePointCount(0, text.length()) <= MOST
        && text.codePoints().allMatch(point -> point == '\n' || point == '\t' || Harmless.is(point))
        && (text.isBlank() || text.codePoints().anyMatch(Texts::isSeen));
  }

  /** Blanks that Unicode counts among letters and symbols say nothing, and joiners neither. */
  private static boolean isSeen(int point) {
    return switch (point) {
      case 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800 -> false;
      default ->
          !Character.isWhitespace(point)
              && !Character.isSpaceChar(point)
              && switch (Character.getType(point)) {
                case Character.FORMAT,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                    false;
                default -> true;
              };
    };
  }
}
