package io.daypass.app;

import io.daypass.identity.PollToken;
import io.daypass.request.RequestId;
import java.security.SecureRandom;
import java.util.UUID;

/** Ids that nobody can guess: of requests, issuances and traces. */
final class RandomIds {

  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

  private final SecureRandom random;

  RandomIds(SecureRandom random) {
    this.random = random;
  }

  RequestId request() {
    return new RequestId(letters(16));
  }

  PollToken pollToken() {
    return PollToken.of(bytes());
  }

  /** What sessions and sign-ins are named by. */
  byte[] bytes() {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return bytes;
  }

  String trace() {
    return letters(20);
  }

  /** Random, version 4 (RFC 9562, section 5.4). */
  UUID issuance() {
    var high = (random.nextLong() & ~0xf000L) | 0x4000L;
    var low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low);
  }

  private String letters(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    var text = new StringBuilder(count);
    for (var b : bytes) {
      text.append(ALPHABET[b & 31]);
    }
    return text.toString();
  }
}
