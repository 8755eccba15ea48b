package io.daypass.cli.client;

import java.util.Locale;
import java.util.Optional;

/** Text from elsewhere, made fit for a terminal. */
public final class Texts {

  private static final int LONGEST = 2_000;

  private Texts() {}

  /**
   * {@code text} on one line without anything that a terminal would obey: no control characters, no
   * escape sequences, nothing that turns the direction of writing.
   */
  public static String plain(String text) {
    var plain = new StringBuilder();
    // A loop: a stream takes milliseconds to load, and SDKs wait for this.
    for (int at = 0, taken = 0; at < text.length() && taken < LONGEST; taken++) {
      var c = text.codePointAt(at);
      plain.appendCodePoint(isObeyed(c) ? ' ' : c);
      at += Character.charCount(c);
    }
    return plain.toString();
  }

  private static boolean isObeyed(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  /** As errors are written: the first letter small, no full stop. */
  public static String sentence(String text) {
    var bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return bare.isEmpty()
        ? bare
        : bare.substring(0, 1).toLowerCase(Locale.ROOT) + bare.substring(1);
  }

  /** Whether {@code text} is something, and nothing but letters, digits and signs of ASCII. */
  static boolean isVisibleAscii(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static Optional<Long> seconds(String text) {
    return text.length() < 9 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Optional.of(Long.parseLong(text))
        : Optional.empty();
  }
}
