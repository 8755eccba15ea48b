package io.daypass.policy.yaml;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;

/** SHA-256 over named contents: each name and each content with its length before it. */
final class Digest {

  private Digest() {}

  static String of(SortedMap<String, byte[]> files) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      files.forEach((name, bytes) -> {
        add(sha256, name.getBytes(StandardCharsets.UTF_8));
        add(sha256, bytes);
      });
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static void add(MessageDigest sha256, byte[] bytes) {
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).flip());
    sha256.update(bytes);
  }
}
