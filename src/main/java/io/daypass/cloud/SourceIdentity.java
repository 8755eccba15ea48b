package io.daypass.cloud;

import io.daypass.identity.CallerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Who a session belongs to, in the cloud's own trail: {@code <issuer name>=<subject>} if that fits
 * what a cloud takes there, otherwise an id derived from both. Never made of an e-mail address or a
 * name, which a person may be able to choose: two different identities never have the same source
 * identity, and one identity always has the same.
 *
 * <p>AWS takes 2 to 64 of {@code [\w+=,.@-]} (STS reference, SourceIdentity), and no {@code aws:}
 * in front, which the alphabet excludes.
 */
public record SourceIdentity(String value) {

  private static final int LONGEST = 64;
  // 128 bits: nobody finds two subjects with the same one.
  private static final int DERIVED_HEX = 32;
  private static final String DERIVED = "id.";

  /** The source identity of {@code id}. */
  public static SourceIdentity of(CallerId id) {
    // The first '=' divides the two, so an issuer's name with one in it could pass for another's.
    if (SafeText.fits(id.issuer(), LONGEST)
        && SafeText.fits(id.subject(), LONGEST)
        && id.issuer().indexOf('=') < 0) {
      var plain = id.issuer() + '=' + id.subject();
      if (plain.length() <= LONGEST) {
        return new SourceIdentity(plain);
      }
    }
    return new SourceIdentity(derived(id));
  }

  /** A safe id for {@code id}: it holds no '=', so no plain source identity is ever the same. */
  static String derived(CallerId id) {
    var issuer = id.issuer().getBytes(StandardCharsets.UTF_8);
    var subject = id.subject().getBytes(StandardCharsets.UTF_8);
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(ByteBuffer.allocate(4).putInt(issuer.length).array());
      sha256.update(issuer);
      sha256.update(subject);
      return DERIVED + HexFormat.of().formatHex(sha256.digest()).substring(0, DERIVED_HEX);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Whether {@code text} could be taken for a derived id. */
  static boolean looksDerived(String text) {
    return text.startsWith(DERIVED);
  }
}
