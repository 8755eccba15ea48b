package io.daypass.settings;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The 32 bytes that wrap the signing keys at rest. */
public final class MasterKey {

  static final int SIZE = 32;

  private final byte[] bytes;

  private MasterKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The key itself, as a copy. Every call of this method is a place to review. */
  public byte[] reveal() {
    return bytes.clone();
  }

  boolean isSameAs(MasterKey other) {
    return MessageDigest.isEqual(bytes, other.bytes);
  }

  /** A key of exactly 32 bytes that are not all the same. */
  static Optional<MasterKey> of(byte[] bytes) {
    return bytes.length == SIZE && !isUniform(bytes)
        ? Optional.of(new MasterKey(bytes.clone()))
        : Optional.empty();
  }

  /** A key written in base64 or in hex. */
  static Optional<MasterKey> parse(String text) {
    try {
      return of(
          text.length() == 2 * SIZE
              ? HexFormat.of().parseHex(text)
              : Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean isUniform(byte[] bytes) {
    for (var b : bytes) {
      if (b != bytes[0]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
