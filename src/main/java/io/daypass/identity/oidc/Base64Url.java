package io.daypass.identity.oidc;

import java.util.Base64;
import java.util.Optional;

/**
 * Base64url as RFC 7515 section 2 means it: no padding, no white space, and the bits that encode
 * nothing are zero. Any bytes have exactly one such text.
 */
final class Base64Url {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private Base64Url() {}

  static Optional<byte[]> decode(String text) {
    if (text.isEmpty() || !hasOnlyUsedBits(text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Also refuses padding: it is no letter of the alphabet, and comes last. */
  private static boolean hasOnlyUsedBits(String text) {
    var last = ALPHABET.indexOf(text.charAt(text.length() - 1));
    var unused =
        switch (text.length() % 4) {
          case 2 -> 0b1111;
          case 3 -> 0b11;
          default -> 0;
        };
    return last >= 0 && (last & unused) == 0;
  }
}
