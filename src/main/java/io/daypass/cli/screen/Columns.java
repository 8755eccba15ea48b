package io.daypass.cli.screen;

/** How many columns of a terminal text takes. */
public final class Columns {

  private static final String CUT = "…";

  private Columns() {}

  /** The columns that {@code text}, made harmless before, takes. */
  public static int of(String text) {
    return text.codePoints().map(Columns::of).sum();
  }

  /** As much of {@code text} as fits into {@code columns}; what is cut off is marked. */
  public static String cut(String text, int columns) {
    if (of(text) <= columns) {
      return text;
    }
    var kept = new StringBuilder();
    int taken = 0;
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      taken += of(point);
      if (taken > columns - 1) {
        break;
      }
      kept.appendCodePoint(point);
      at += Character.charCount(point);
    }
    return columns < 1 ? "" : kept.toString().stripTrailing() + CUT;
  }

  /** {@code text}, filled up with blanks to {@code columns}. */
  public static String fill(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - of(text)));
  }

  private static int of(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(point) ? 2 : 1;
    };
  }

  // Unicode Standard Annex 11: W and F, by blocks; what is emoji by default is wide too.
  private static boolean isWide(int point) {
    return point >= 0x1100
        && (point <= 0x115f
            || (point >= 0x2e80 && point <= 0xa4cf && point != 0x303f)
            || (point >= 0xa960 && point <= 0xa97f)
            || (point >= 0xac00 && point <= 0xd7a3)
            || (point >= 0xf900 && point <= 0xfaff)
            || (point >= 0xfe30 && point <= 0xfe6f)
            || (point >= 0xff00 && point <= 0xff60)
            || (point >= 0xffe0 && point <= 0xffe6)
            || (point >= 0x20000 && point <= 0x3fffd)
            || Character.isEmojiPresentation(point));
  }
}
