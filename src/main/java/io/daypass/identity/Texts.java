package io.daypass.identity;

import java.nio.charset.StandardCharsets;

/** What a text from a token may look like before it is kept, compared or shown. */
final class Texts {

  /** Keeps a subject within what an index of the database can hold. */
  private static final int LONGEST_SUBJECT = 1024;

  private static final int LONGEST_SHOWN = 320;

  private Texts() {}

  /** Nothing a person could see: also no-break spaces, zero-width and control characters. */
  static boolean isBlank(String text) {
    return text.codePoints().allMatch(c -> isSpace(c) || isInvisible(c));
  }

  /** Machines are named in printable ASCII: look-alikes have no place in what a rule compares. */
  static boolean isMachineSubject(String subject) {
    return subject.length() <= LONGEST_SUBJECT
        && hasNoOuterSpace(subject)
        && subject.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  /** People's subjects may have any letters, but nothing that hides or turns text around. */
  static boolean isHumanSubject(String subject) {
    return subject.getBytes(StandardCharsets.UTF_8).length <= LONGEST_SUBJECT
        && hasNoOuterSpace(subject)
        && subject.codePoints().noneMatch(Texts::isInvisible);
  }

  static boolean isShowable(String text) {
    return text.length() <= LONGEST_SHOWN
        && !isBlank(text)
        && text.codePoints().noneMatch(Texts::isInvisible);
  }

  private static boolean hasNoOuterSpace(String text) {
    return !text.isEmpty()
        && !isSpace(text.codePointAt(0))
        && !isSpace(text.codePointBefore(text.length()));
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
