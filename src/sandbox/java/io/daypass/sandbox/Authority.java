package io.daypass.sandbox;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * The sandbox's own certificate authority, made at every start: it vouches for this machine's
 * loopback names and is trusted only by whom the sandbox tells to.
 */
public final class Authority {

  private static final Duration LIFE = Duration.ofDays(30);

  private final X509Bundle root;
  private final X509Bundle server;

  private Authority(X509Bundle root, X509Bundle server) {
    this.root = root;
    this.server = server;
  }

  static Authority made() {
    try {
      var now = Instant.now();
      var builder =
          new CertificateBuilder()
              .ecp256()
              .notBefore(now.minus(Duration.ofDays(1)))
              .notAfter(now.plus(LIFE));
      var root =
          builder
              .copy()
              .subject("CN=Daypass sandbox")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      var server =
          builder
              .copy()
              .subject("CN=localhost")
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .addSanIpAddress("::1")
              .buildIssuedBy(root);
      return new Authority(root, server);
    } catch (Exception e) {
      throw new IllegalStateException("cannot make a certificate", e);
    }
  }

  /** The authority's certificate, PEM. */
  public String pem() {
    return root.getCertificatePEM();
  }

  /** Writes {@link #pem} to {@code file}. */
  public Path write(Path file) throws java.io.IOException {
    return Files.writeString(file, pem());
  }

  String serverChain() {
    return server.getCertificatePathPEM();
  }

  String serverKey() {
    return server.getPrivateKeyPEM();
  }
}
