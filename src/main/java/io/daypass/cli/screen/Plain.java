package io.daypass.cli.screen;

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
    if (isHarmless(point)) {
      text.appendCodePoint(point);
    } else if (point <= 0xff) {
      text.append(String.format(Locale.ROOT, "\\x%02x", point));
    } else {
      text.append(String.format(Locale.ROOT, "\\u{%x}", point));
    }
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      // Joiners are letters in some scripts and emoji; every other format character is shown.
      case Character.FORMAT -> point == 0x200c || point == 0x200d;
      default -> true;
    };
  }
}
