package io.daypass.issuer;

/** What only {@link SigningKeys} finds. */
public final class WrongMasterKeys {

  private WrongMasterKeys() {}

  public static WrongMasterKeyException found() {
    return new WrongMasterKeyException(new IllegalStateException("does not open"));
  }
}
