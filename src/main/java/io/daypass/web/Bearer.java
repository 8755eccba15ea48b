package io.daypass.web;

import java.util.List;

/**
 * Reads the Authorization header, and nothing else: a token in a query or a cookie is no token.
 * Exactly {@code Bearer SP token} (RFC 6750, 2.1), in one header; the scheme in any case (RFC 9110,
 * 11.1).
 */
public sealed interface Bearer {

  /** The token as it was sent; nothing of it has been believed yet. */
  record Token(String value) implements Bearer {
    @Override
    public String toString() {
      return "[token]";
    }
  }

  /** No Authorization header. */
  record None() implements Bearer {}

  /** An Authorization that is not exactly a bearer token. */
  record Malformed() implements Bearer {}

  String SCHEME = "bearer ";

  /** What {@code call} presents. */
  static Bearer of(Call call) {
    return of(call.header("authorization"));
  }

  static Bearer of(List<String> headers) {
    if (headers.isEmpty()) {
      return new None();
    }
    if (headers.size() > 1) {
      return new Malformed();
    }
    var header = headers.getFirst();
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            && isToken(header, SCHEME.length())
        ? new Token(header.substring(SCHEME.length()))
        : new Malformed();
  }

  // RFC 6750, 2.1: b64token. A loop, because every call with a kilobyte of token comes by here.
  private static boolean isToken(String text, int from) {
    var end = text.length();
    while (end > from && text.charAt(end - 1) == '=') {
      end--;
    }
    for (var i = from; i < end; i++) {
      if (!fits(text.charAt(i))) {
        return false;
      }
    }
    return end > from;
  }

  private static boolean fits(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.'
        || c == '~'
        || c == '+'
        || c == '/';
  }
}
