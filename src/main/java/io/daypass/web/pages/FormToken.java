package io.daypass.web.pages;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The synchroniser token of forms: a function of the cookie that only we and this browser can
 * compute, and from which the cookie cannot be found. Another site can neither read nor guess it.
 */
public final class FormToken {

  /** The name of the field in every form. */
  public static final String FIELD = "form_token";

  private static final byte[] PURPOSE = "daypass form token".getBytes(StandardCharsets.US_ASCII);

  private FormToken() {}

  /** The token of forms that are shown to who holds {@code cookie}, 256 bits in base64url. */
  static String of(String cookie) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(cookie.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(PURPOSE));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has HmacSHA256", e);
    }
  }

  /** Whether the two are the same; takes the same time wherever they differ. */
  static boolean same(String expected, String sent) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII), sent.getBytes(StandardCharsets.UTF_8));
  }
}
