package io.daypass.identity;

/**
 * Which characters of a stranger's text may stand among ours: none that a terminal obeys, that turn
 * the text around them (Unicode Technical Report 36, 2.5) or that nobody sees.
 */
public final class Harmless {

  private Harmless() {}

  /** Whether a code point only ever shows itself. */
  public static boolean is(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      // Joiners are letters in some scripts and emoji; every other format character is not.
      case Character.FORMAT -> point == 0x200c || point == 0x200d;
      default -> true;
    };
  }
}
