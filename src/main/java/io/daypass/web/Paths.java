package io.daypass.web;

import java.util.regex.Pattern;

/**
 * Which request targets are read at all. Everything this server serves is spelled in unreserved
 * characters, so whatever needs interpretation ({@code ..}, {@code %2f}, {@code ;}, {@code \},
 * {@code //}) is refused, not normalised: two readers can then never disagree on a path. Only
 * {@code /sts/} is read as {@code /sts} is: some AWS SDKs put a slash there.
 */
final class Paths {

  private static final Pattern SHAPE = Pattern.compile("/|(?:/[A-Za-z0-9._~-]++)++|/sts/");
  private static final Pattern DOTS = Pattern.compile("(?:^|/)\\.{1,2}(?:/|$)");

  private Paths() {}

  /** Whether the path of {@code target} (the request line's second word) may be routed. */
  static boolean allows(String target) {
    var query = target.indexOf('?');
    var path = query < 0 ? target : target.substring(0, query);
    return SHAPE.matcher(path).matches()
        && !DOTS.matcher(path).find()
        // A fragment has no place in a request; some readers cut there and some do not.
        && target.indexOf('#') < 0;
  }
}
