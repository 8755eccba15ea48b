package io.daypass.web;

import java.util.List;
import java.util.regex.Pattern;

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

  // RFC 6750, 2.1: b64token. Possessive, so that no input makes it try twice.
  Pattern SHAPE = Pattern.compile("(?i:bearer) ([A-Za-z0-9._~+/-]++=*+)");

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
    var matcher = SHAPE.matcher(headers.getFirst());
    return matcher.matches() ? new Token(matcher.group(1)) : new Malformed();
  }
}
