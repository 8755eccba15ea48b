package io.daypass.notice;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of a test's own, and servers that it vouches for. */
public final class TestAuthority {

  private static final char[] NO_PASSWORD = new char[0];

  private final X509Bundle root;

  public TestAuthority() {
    try {
      root =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=a test")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** What a server with this name has. */
  public SSLContext server(String name) {
    try {
      var server =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=" + name)
              .addSanDnsName(name)
              .buildIssuedBy(root);
      var store = empty();
      store.setKeyEntry(
          "server",
          server.getKeyPair().getPrivate(),
          NO_PASSWORD,
          new Certificate[] {server.getCertificate(), root.getCertificate()});
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Trusts this authority and nobody else. */
  public SSLContext trust() {
    try {
      var store = empty();
      store.setCertificateEntry("root", root.getCertificate());
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static KeyStore empty() throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
