package io.daypass.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.daypass.identity.oidc.Dial.Dialled;
import io.daypass.notice.TestAuthority;
import io.daypass.sandbox.http.FreePort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Why an issuer could not be asked, for whoever has to mend it. */
class DialTest {

  private static Dialled dialled(String url) {
    var within = Duration.ofSeconds(20);
    try (var http = Dial.client(within)) {
      return new Dial(http)
          .send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              System.nanoTime() + within.toNanos());
    }
  }

  @Test
  void a_certificate_of_an_authority_that_the_jvm_does_not_know_is_said_to_be_the_reason()
      throws Exception {
    var issuer = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.setHttpsConfigurator(new HttpsConfigurator(new TestAuthority().server("localhost")));
    issuer.start();
    try {
      assertThat(dialled("https://localhost:" + issuer.getAddress().getPort() + "/"))
          .isEqualTo(new Dialled.Unreachable("its TLS certificate or version is not accepted"));
    } finally {
      issuer.stop(0);
    }
  }

  @Test
  void a_name_that_does_not_exist_is_told_from_a_server_that_is_down() throws Exception {
    assertThat(dialled("https://issuer.invalid/"))
        .isEqualTo(new Dialled.Unreachable("its name is not known here"));
    assertThat(dialled("http://127.0.0.1:" + FreePort.find() + "/"))
        .isEqualTo(new Dialled.Unreachable("nothing answers there"));
  }
}
