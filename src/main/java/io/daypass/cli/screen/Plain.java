package io.daypass.cli.screen;

import io.daypass.identity.Harmless;
import java.util.Locale;

/**
 * Makes text of others harmless for a terminal. What a terminal would obey (escape sequences,
 * carriage returns) or what turns the text around it (Unicode Technical Report 36, 2.5) is shown as
 * an escape instead, so that nobody hides or forges a line of our output.
 */
public final class Plain {

  private Plain() {}

  /** On one line: line ends and tabs become a space. */
  public static String line(String foreign) {
    var text = new StringBuilder(foreign.length());
    foreign
        .codePoints()
        .forEach(point -> {
          if (point == '\n' || point == '\t') {
            text.append(' ');
          } else {
            append(text, point);
          }
        });
    return text.toString().strip();
  }

  private static void append(StringBuilder text, int point) {
    if (Harmless.is(point)) {
      text.appendCodePoint(point);
    } else if (point <= 0xff) {
      text.append(String.format(Locale.ROOT, "\\x%02x", point));
    } else {
      text.append(String.format(Locale.ROOT, "\\u{%x}", point));
    }
  }
}
