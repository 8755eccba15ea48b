package io.daypass.issuer;

import java.time.Instant;
import java.util.List;

/**
 * Where the signing keys are kept, wrapped by the master key. Every replica reads the same ones.
 */
public interface KeyStore {

  /** All keys that are published, are in use, or may still be needed to verify. */
  List<StoredKey> load();

  /**
   * Adds {@code key} and writes the rotation to the ledger, in one transaction. Whoever comes
   * second with a key of the same algorithm and the same {@code useFrom} minute adds nothing.
   */
  void add(StoredKey key);

  /**
   * Puts keys in the place of the same ones as they were, all or none, and writes so to the ledger
   * in the same transaction. Nobody but the owner of the tables may.
   *
   * @return false if one of them is not as it was any more
   */
  boolean rewrap(List<Rewrapped> keys);

  /**
   * A key under another master key.
   *
   * @param id the kid
   * @param was how it has been wrapped so far
   * @param wrapped how it shall be wrapped
   */
  record Rewrapped(String id, String was, String wrapped) {}

  /**
   * A signing key at rest.
   *
   * @param id the kid
   * @param wrapped the private key (PKCS #8), encrypted and authenticated under the master key,
   *     base64
   * @param publicJwk the public half as a JWK
   * @param publishedAt when it first stood in the JWKS
   * @param useFrom when replicas begin to sign with it
   */
  record StoredKey(
      String id,
      Assertions.Algorithm algorithm,
      String wrapped,
      String publicJwk,
      Instant publishedAt,
      Instant useFrom) {}
}
