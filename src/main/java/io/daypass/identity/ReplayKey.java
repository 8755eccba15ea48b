package io.daypass.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What makes a token one token among those of all issuers, however it is written. */
final class ReplayKey {

  private ReplayKey() {}

  /** Each part with its length before it, so that no two lists of parts run into one another. */
  static String of(String issuer, String kind, String value) {
    var digest = sha256();
    for (var part : new String[] {issuer, kind, value}) {
      var bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
