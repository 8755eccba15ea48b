package io.daypass.issuer;

/** There are signing keys, and the master key opens none of them: it is not the one they need. */
public final class WrongMasterKeyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WrongMasterKeyException(Throwable cause) {
    super("the master key opens none of the stored signing keys", cause);
  }
}
