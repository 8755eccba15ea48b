package io.daypass.cloud;

import java.util.regex.Pattern;

/** Foreign text that may stand in a session name, a source identity or a session tag as it is. */
public final class SafeText {

  // What session names and tag values both take, less the comma, which tag values do not.
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9=.@_-]+");

  private SafeText() {}

  /**
   * Whether {@code text} is of the safe alphabet, not empty and not longer than {@code longest}.
   */
  public static boolean fits(String text, int longest) {
    return text.length() <= longest && SAFE.matcher(text).matches();
  }
}
