package io.daypass.sandbox.aws;

import java.util.regex.Pattern;

/** Wildcards of policies: {@code *} for any text and {@code ?} for any character. */
final class Glob {

  private Glob() {}

  /** Actions are matched without regard to case, as IAM does. */
  static boolean matches(String pattern, String text) {
    return pattern.equals("*") || regex(pattern, Pattern.CASE_INSENSITIVE).matcher(text).matches();
  }

  static boolean matchesExactly(String pattern, String text) {
    return regex(pattern, 0).matcher(text).matches();
  }

  private static Pattern regex(String pattern, int flags) {
    var regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), flags | Pattern.DOTALL);
  }
}
