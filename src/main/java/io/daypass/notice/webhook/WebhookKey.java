package io.daypass.notice.webhook;

import io.daypass.cloud.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The key that a receiver knows us by (Standard Webhooks, "Symmetric signatures"). */
public final class WebhookKey {

  private static final String PREFIX = "whsec_";

  private final SecretKeySpec key;

  /**
   * @param secret {@code whsec_} and the key in base64
   * @throws IllegalArgumentException if it is not of that form
   */
  public WebhookKey(Secret secret) {
    var text = secret.reveal();
    if (!text.startsWith(PREFIX)) {
      throw new IllegalArgumentException("a webhook's secret starts with " + PREFIX);
    }
    this.key =
        new SecretKeySpec(
            Base64.getDecoder().decode(text.substring(PREFIX.length())), "HmacSHA256");
  }

  /** {@code v1,} and the HMAC-SHA256 over id, timestamp and body, joined by full stops. */
  String signature(String id, String timestamp, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has HmacSHA256", e);
    }
  }
}
