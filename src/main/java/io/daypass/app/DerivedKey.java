package io.daypass.app;

import io.daypass.settings.MasterKey;
import io.daypass.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys for one purpose each, the same on all replicas, made from the master key (HMAC-SHA256). */
final class DerivedKey {

  private DerivedKey() {}

  /** The one to use, and the one that it takes the place of if the master key is exchanged. */
  static List<byte[]> of(Settings settings, String purpose) {
    return Stream.of(settings.masterKey(), settings.previousMasterKey())
        .filter(Objects::nonNull)
        .map(master -> of(master, purpose))
        .toList();
  }

  private static byte[] of(MasterKey master, String purpose) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(master.reveal(), "HmacSHA256"));
      return mac.doFinal(("daypass " + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has HmacSHA256", e);
    }
  }
}
