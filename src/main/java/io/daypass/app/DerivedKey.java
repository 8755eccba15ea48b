package io.daypass.app;

import io.daypass.settings.MasterKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys for one purpose each, the same on all replicas, made from the master key (HMAC-SHA256). */
final class DerivedKey {

  private DerivedKey() {}

  static byte[] of(MasterKey master, String purpose) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(master.reveal(), "HmacSHA256"));
      return mac.doFinal(("daypass " + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has HmacSHA256", e);
    }
  }
}
