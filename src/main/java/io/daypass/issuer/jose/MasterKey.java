package io.daypass.issuer.jose;

import io.daypass.issuer.Keysmith.UnopenedKeyException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Wraps the signing keys at rest: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, and
 * what the key is for as associated data.
 */
public final class MasterKey {

  private static final int BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  // The first byte says how the rest is to be read, should it ever be read otherwise.
  private static final byte VERSION = 1;

  private final SecretKey key;
  private final SecureRandom random;

  /**
   * @param key 32 bytes; the caller may clear them afterwards
   * @throws IllegalArgumentException if there are not 32
   */
  public MasterKey(byte[] key, SecureRandom random) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("a master key has " + BYTES + " bytes");
    }
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  String wrap(byte[] secret, byte[] purpose) {
    try {
      var nonce = new byte[NONCE_BYTES];
      random.nextBytes(nonce);
      var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, purpose);
      var sealed = cipher.doFinal(secret);
      var all = ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length);
      return Base64.getEncoder().encodeToString(all.put(VERSION).put(nonce).put(sealed).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM does not work here", e);
    }
  }

  byte[] unwrap(String wrapped, byte[] purpose) throws UnopenedKeyException {
    try {
      var all = ByteBuffer.wrap(Base64.getDecoder().decode(wrapped));
      if (all.remaining() <= 1 + NONCE_BYTES || all.get() != VERSION) {
        throw new UnopenedKeyException("not a wrapped key");
      }
      var nonce = new byte[NONCE_BYTES];
      all.get(nonce);
      var sealed = new byte[all.remaining()];
      all.get(sealed);
      return cipher(Cipher.DECRYPT_MODE, nonce, purpose).doFinal(sealed);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new UnopenedKeyException("not wrapped by this master key for this purpose", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] purpose) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(purpose);
    return cipher;
  }

  @Override
  public String toString() {
    return "[master key]";
  }
}
