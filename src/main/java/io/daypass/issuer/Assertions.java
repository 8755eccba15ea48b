package io.daypass.issuer;

/** Signs what Daypass tells the clouds, with the key in use. */
public interface Assertions {

  /**
   * A compact JWS. It is a secret: it goes to the cloud it is for and nowhere else.
   *
   * @throws KeysUnavailableException if no signing key is loaded
   */
  String sign(Assertion assertion, Algorithm algorithm);

  /** What a relying party takes: AWS and Google take both, Azure takes RS256 only. */
  enum Algorithm {
    ES256,
    RS256
  }

  /** No signing key is loaded yet: the database has not been reached since the start. */
  final class KeysUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KeysUnavailableException() {
      super("no signing key is loaded");
    }
  }
}
