package io.daypass.identity.oidc;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer says of an error, cut down to what may be shown: the characters that RFC 6749
 * section 4.1.2.1 allows there, and not too many.
 */
final class IssuerWords {

  private static final int MOST = 200;
  private static final Pattern CODE = Pattern.compile("[a-z0-9_.-]{1,64}");

  private IssuerWords() {}

  /** An error's code; one of ours if it is none. */
  static String code(@Nullable String error) {
    return error != null && CODE.matcher(error).matches() ? error : "unknown_error";
  }

  /** An error's description; empty if there is none. */
  static String words(@Nullable String description) {
    if (description == null) {
      return "";
    }
    var shown = new StringBuilder();
    description
        .codePoints()
        .limit(MOST)
        .forEach(c -> shown.appendCodePoint(c >= ' ' && c <= '~' && c != '\\' ? c : ' '));
    return shown.toString().strip();
  }
}
