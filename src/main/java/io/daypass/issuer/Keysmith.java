package io.daypass.issuer;

import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.KeyStore.StoredKey;
import java.util.Optional;

/**
 * Makes signing keys, opens those at rest, and signs with them. The master key is its own, and so
 * is the one before it while one takes the other's place; no private key leaves it in the clear.
 */
public interface Keysmith {

  /** A new key, its private half wrapped. */
  Forged forge(Algorithm algorithm);

  /**
   * The signer that {@code key} holds.
   *
   * @throws UnopenedKeyException if it was wrapped by no such master key, or if anything that
   *     decides what it signs or what is published of it (kid, algorithm, public half) was changed
   *     since
   */
  Signer open(StoredKey key) throws UnopenedKeyException;

  /**
   * How {@code key} is wrapped by the master key in use; empty if that is the one that wraps it.
   *
   * @throws UnopenedKeyException as {@link #open} does
   */
  Optional<String> rewrap(StoredKey key) throws UnopenedKeyException;

  /**
   * A key as it is stored, without its times.
   *
   * @param publicJwk the public half and nothing else, as a JWK with {@code kid}, {@code alg} and
   *     {@code use}
   */
  record Forged(String id, Algorithm algorithm, String wrapped, String publicJwk) {}

  /** A private key ready for use, from any thread. */
  interface Signer {

    /** A compact JWS over {@code assertion}, in the name of {@code issuer}. */
    String sign(String issuer, Assertion assertion);

    /**
     * A compact JWS over {@code text}, whose header says that it is a {@code type}. No token: what
     * it is over is not JSON, and nobody takes it for claims.
     */
    String attest(String type, String text);
  }

  /** The key at rest is not what a master key wrapped that is known here. */
  final class UnopenedKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnopenedKeyException(String message) {
      super(message);
    }

    public UnopenedKeyException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
