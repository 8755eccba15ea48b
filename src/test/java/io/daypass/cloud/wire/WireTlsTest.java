package io.daypass.cloud.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.wire.WireException.Kind;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom the wire talks to over TLS. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireTlsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private X509Bundle authority;
  private SSLContext trust;

  @BeforeAll
  void authority(@TempDir Path folder) throws Exception {
    authority =
        new CertificateBuilder()
            .subject("CN=An authority of this test")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    var pem = folder.resolve("authority.pem");
    Files.writeString(pem, authority.getCertificatePEM());
    trust = Trust.only(pem);
  }

  /** What comes of asking at "localhost" a server whose certificate is for {@code name}. */
  private int status(String name, Wire wire) throws Exception {
    var certificate =
        new CertificateBuilder().subject("CN=" + name).addSanDnsName(name).buildIssuedBy(authority);
    var context = SSLContext.getInstance("TLS");
    context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
    try (var server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getByName("localhost"))) {
      Thread.ofVirtual().start(() -> answer(server));
      var at = URI.create("https://localhost:" + server.getLocalPort() + "/");
      return wire.exchange(HttpRequest.newBuilder(at).build(), Deadline.in(PATIENCE)).statusCode();
    }
  }

  private static void answer(SSLServerSocket server) {
    try (var client = server.accept()) {
      if (client.getInputStream().read(new byte[16 * 1024]) > 0) {
        var answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The other side did not like the certificate.
    }
  }

  private void refused(String name, Wire wire) {
    assertThatThrownBy(() -> status(name, wire))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_SENT));
  }

  @Test
  void a_host_is_believed_whose_name_an_authority_we_trust_vouches_for() throws Exception {
    try (var wire = new Wire(PATIENCE, trust)) {
      assertThat(status("localhost", wire)).isEqualTo(200);
    }
  }

  @Test
  void a_certificate_for_another_name_is_refused_before_anything_is_sent() {
    try (var wire = new Wire(PATIENCE, trust)) {
      refused("login.invalid", wire);
    }
  }

  @Test
  void an_authority_nobody_trusts_is_refused_before_anything_is_sent() {
    try (var wire = new Wire(PATIENCE)) {
      refused("localhost", wire);
    }
  }
}
