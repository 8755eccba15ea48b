package io.daypass.issuer.jose;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Whose code signs and verifies: Amazon Corretto's where its native library loads, the JDK's
 * otherwise. It is handed on to whoever needs it and never installed for the whole process.
 *
 * <p>Keys must come from the same provider: a JDK key object handed to Corretto is translated at
 * every use, which halves its speed.
 */
public final class CryptoProvider {

  private final @Nullable Provider provider;

  private CryptoProvider(@Nullable Provider provider) {
    this.provider = provider;
  }

  /** Corretto's, if it loads and passes its own tests, else the JDK's. */
  public static CryptoProvider fastest() {
    return orJdk(CryptoProvider::corretto);
  }

  private static Provider corretto() {
    var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
    var failure = corretto.getLoadingError();
    if (failure != null) {
      throw new IllegalStateException("its native library did not load", failure);
    }
    corretto.assertHealthy();
    return corretto;
  }

  static CryptoProvider orJdk(Supplier<Provider> other) {
    try {
      return new CryptoProvider(other.get());
    } catch (RuntimeException | LinkageError e) {
      LoggerFactory.getLogger(CryptoProvider.class)
          .atWarn()
          .addKeyValue("failure", e.toString())
          .log("crypto.corretto.unavailable");
      return jdk();
    }
  }

  /** The JDK's own. */
  public static CryptoProvider jdk() {
    return new CryptoProvider(null);
  }

  /** The provider to name to the JCA; empty to leave the choice to the JDK. */
  public Optional<Provider> provider() {
    return Optional.ofNullable(provider);
  }

  /** A name for logs. */
  public String name() {
    return provider == null ? "JDK" : provider.getName();
  }

  KeyFactory keyFactory(String algorithm) throws GeneralSecurityException {
    return provider == null
        ? KeyFactory.getInstance(algorithm)
        : KeyFactory.getInstance(algorithm, provider);
  }

  KeyPairGenerator keyPairGenerator(String algorithm) throws GeneralSecurityException {
    return provider == null
        ? KeyPairGenerator.getInstance(algorithm)
        : KeyPairGenerator.getInstance(algorithm, provider);
  }
}
