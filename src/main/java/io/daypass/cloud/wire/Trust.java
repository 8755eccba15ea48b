package io.daypass.cloud.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whom TLS trusts at endpoints of one's own. */
public final class Trust {

  private Trust() {}

  /**
   * Trusts the authorities in {@code pem}, and nobody else.
   *
   * @throws IllegalArgumentException if the file cannot be read or holds no certificates
   */
  public static SSLContext only(Path pem) {
    try (var file = Files.newInputStream(pem)) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (var authority : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        store.setCertificateEntry("authority " + store.size(), authority);
      }
      if (store.size() == 0) {
        throw new IllegalArgumentException(pem + " holds no certificates");
      }
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(pem + " holds no certificates", e);
    }
  }
}
