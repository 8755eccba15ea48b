package io.daypass.issuer;

import io.daypass.issuer.jose.CryptoProvider;
import io.daypass.issuer.jose.JoseKeysmith;
import io.daypass.issuer.jose.MasterKey;
import io.daypass.issuer.jose.MasterKeys;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Signing keys for tests, real ones, made at run time. */
public final class Signing {

  public static final IssuerUrl ISSUER = new IssuerUrl("https://daypass.example.com");
  private static final SecureRandom RANDOM = new SecureRandom();

  private Signing() {}

  public static MasterKey masterKey() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return new MasterKey(bytes, RANDOM);
  }

  public static JoseKeysmith smith(MasterKey master) {
    return smith(MasterKeys.of(master, null));
  }

  public static JoseKeysmith smith(MasterKeys masters) {
    return new JoseKeysmith(masters, CryptoProvider.fastest(), RANDOM);
  }

  public static SigningKeys keys(KeyStore store, MasterKey master, InstantSource clock) {
    return new SigningKeys(ISSUER, store, smith(master), Rotation.STANDARD, clock);
  }

  /**
   * Keys that many tests sign with, one after the other: to make an RSA key takes a tenth of a
   * second.
   */
  public record Ring(MemoryKeyStore store, MasterKey master) {

    public static Ring made() {
      return new Ring(new MemoryKeyStore(), masterKey());
    }

    /** Loaded and ready. */
    public SigningKeys ready(IssuerUrl issuer, InstantSource clock) {
      var keys = new SigningKeys(issuer, store, smith(master), Rotation.STANDARD, clock);
      keys.refresh();
      return keys;
    }
  }

  /** Loaded and ready. */
  public static SigningKeys ready(InstantSource clock) {
    var keys = keys(new MemoryKeyStore(), masterKey(), clock);
    keys.refresh();
    return keys;
  }
}
