package io.daypass.issuer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * A document that anybody may read and keep for {@code maxAge}.
 *
 * @param body JSON
 * @param etag a strong entity tag with its quotes (RFC 9110, section 8.8.3)
 */
public record PublicDocument(String body, String etag, Duration maxAge) {

  static PublicDocument of(String body, Duration maxAge) {
    return new PublicDocument(body, '"' + sha256(body).substring(0, 32) + '"', maxAge);
  }

  /** The value of its Cache-Control header. */
  public String cacheControl() {
    return "public, max-age=" + maxAge.toSeconds();
  }

  private static String sha256(String text) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
