package io.daypass.sandbox;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;

/** Faster cryptography where its native library loads. */
public final class Native {

  private Native() {}

  /** Corretto's provider, if it works on this machine. */
  public static Optional<Provider> provider() {
    var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
    return corretto.getLoadingError() == null ? Optional.of(corretto) : Optional.empty();
  }
}
