package io.daypass.notice;

import io.daypass.identity.Harmless;

/**
 * Text of others for media that people read: on one line, so that it forges no line of ours, of a
 * bounded length, and without anything that is not seen or that turns the text around it (Unicode
 * Technical Report 36, 2.5).
 */
public final class Tame {

  private static final int REPLACEMENT = 0xfffd;

  private Tame() {}

  /** {@code foreign} on one line of at most {@code most} characters. */
  public static String line(String foreign, int most) {
    var text = new StringBuilder();
    foreign
        .codePoints()
        .forEach(point ->
            text.appendCodePoint(isBlank(point) ? ' ' : Harmless.is(point) ? point : REPLACEMENT));
    var line = text.toString().strip();
    if (line.length() <= most) {
      return line;
    }
    // Not between the halves of a character.
    var end = Character.isHighSurrogate(line.charAt(most - 2)) ? most - 2 : most - 1;
    return line.substring(0, end) + "…";
  }

  private static boolean isBlank(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point);
  }
}
