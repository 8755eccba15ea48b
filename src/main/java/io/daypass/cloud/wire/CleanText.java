package io.daypass.cloud.wire;

import java.util.regex.Pattern;

/** Foreign text made fit for our log: no token, no key, no control character, not long. */
public final class CleanText {

  private static final int LONGEST = 300;
  // A JWT or a part of one, a token of Google, or any run that could be key material.
  private static final Pattern SECRET =
      Pattern.compile(
          "(?:eyJ|ya29\\.)[A-Za-z0-9_.=-]*|(?:A[KS]IA)[A-Z0-9]{8,}|[A-Za-z0-9+/=_-]{36,}");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]+");

  private CleanText() {}

  public static String of(String text) {
    // Cut after cleaning, or half a token could be left at the end.
    var clean = UNPRINTABLE.matcher(SECRET.matcher(text).replaceAll("[cut]")).replaceAll(" ");
    return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST);
  }
}
