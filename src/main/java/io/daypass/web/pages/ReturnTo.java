package io.daypass.web.pages;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where to go after the sign-in: a path of our own pages and nothing else. What browsers might read
 * as another place ({@code //host}, {@code /\host}, a scheme, dots, encoded slashes, white space)
 * is not a path here.
 */
final class ReturnTo {

  static final String HOME = "/";

  private static final int LONGEST = 512;
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?:/|(?:/[A-Za-z0-9._~-]++)++)(?:\\?(?:[A-Za-z0-9._~=&+*-]|%[0-9A-Fa-f]{2})*+)?");
  private static final Pattern DOTS = Pattern.compile("(?:^|/)\\.{1,2}(?:/|\\?|$)");
  private static final Pattern SIGN_IN = Pattern.compile("/sign-(?:in|out)(?:[/?].*)?");

  private ReturnTo() {}

  /** The path {@code text} spells; empty if it is none of ours. */
  static Optional<String> parse(String text) {
    return text.length() <= LONGEST
            && SHAPE.matcher(text).matches()
            && !DOTS.matcher(text).find()
            && readsTheSame(text)
        ? Optional.of(SIGN_IN.matcher(text).matches() ? HOME : text)
        : Optional.empty();
  }

  private static boolean readsTheSame(String text) {
    try {
      var uri = new URI(text);
      return uri.getScheme() == null
          && uri.getRawAuthority() == null
          && uri.toString().equals(text);
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
