package io.daypass.web.api;

import io.daypass.identity.CallerId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where a page ended, as a token that only its reader can come back with and nobody can make up.
 */
public final class Cursors {

  private static final int TAG = 16;

  private final List<SecretKeySpec> keys;

  /**
   * Signs with the first of {@code keys}, and reads what any of them signed.
   *
   * @param keys at least 32 bytes each, the same on all replicas
   */
  public Cursors(List<byte[]> keys) {
    this.keys = keys.stream().map(key -> new SecretKeySpec(key, "HmacSHA256")).toList();
  }

  String sign(String list, CallerId reader, String position) {
    var text = position.getBytes(StandardCharsets.UTF_8);
    var tag = tag(keys.getFirst(), list, reader, position);
    var whole = Arrays.copyOf(tag, TAG + text.length);
    System.arraycopy(text, 0, whole, TAG, text.length);
    return text(whole);
  }

  private static String text(byte[] whole) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  /** The position, if this reader was given {@code cursor} for this list. */
  Optional<String> read(String list, CallerId reader, String cursor) {
    try {
      var whole = Base64.getUrlDecoder().decode(cursor);
      // Bits that stand for nothing, and padding, would be other texts of the same cursor.
      if (whole.length <= TAG || !text(whole).equals(cursor)) {
        return Optional.empty();
      }
      var position = new String(whole, TAG, whole.length - TAG, StandardCharsets.UTF_8);
      var tag = Arrays.copyOf(whole, TAG);
      var same =
          keys.stream()
              .anyMatch(key -> MessageDigest.isEqual(tag, tag(key, list, reader, position)));
      return same ? Optional.of(position) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static byte[] tag(SecretKeySpec key, String list, CallerId reader, String position) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      // Lengths in between, so that no part can reach into the next.
      for (var part : new String[] {list, reader.issuer(), reader.subject(), position}) {
        var bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        mac.update(bytes);
      }
      return Arrays.copyOf(mac.doFinal(), TAG);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has HMAC with SHA-256", e);
    }
  }
}
