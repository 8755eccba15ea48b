package io.daypass.e2e;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * As much of a Kubernetes API server as kubectl needs, over TLS, for it sends no token without: it
 * knows the issuer's address and its own audience, and says whom it takes a caller for.
 */
final class ApiServer implements AutoCloseable {

  private static final String PASSWORD = "only-for-this-test";

  private final HttpsServer server;
  private final DefaultJWTProcessor<SecurityContext> tokens = new DefaultJWTProcessor<>();
  private final String certificate;
  private final Path folder;

  ApiServer(Api issuer, String audience) throws Exception {
    var discovery = issuer.get("/.well-known/openid-configuration").is(200).json();
    var jwks = URI.create(discovery.getString("jwks_uri")).toURL();
    tokens.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.RS256, JWKSourceBuilder.<SecurityContext>create(jwks).build()));
    tokens.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            audience,
            new JWTClaimsSet.Builder().issuer(discovery.getString("issuer")).build(),
            Set.of("sub", "exp")));
    folder = Files.createTempDirectory("daypass-api-server");
    var keys = keys();
    certificate =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(keys.getCertificate("api").getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    var tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  /** A key and a certificate for this machine, made by the JDK's own tool. */
  private KeyStore keys() throws Exception {
    var file = folder.resolve("keys.p12");
    var made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "api",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
      throw new IllegalStateException(Files.readString(folder.resolve("keytool.log")));
    }
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var header = exchange.getRequestHeaders().getFirst("Authorization");
      JsonObject body;
      int status = 200;
      try {
        var claims = tokens.process(String.valueOf(header).replaceFirst("^Bearer ", ""), null);
        body =
            new JsonObject()
                .put("sub", claims.getSubject())
                .put("groups", String.join(",", claims.getStringListClaim("groups")));
      } catch (Exception _) {
        status = 401;
        body =
            new JsonObject()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("message", "Unauthorized")
                .put("reason", "Unauthorized")
                .put("code", 401);
      }
      var bytes = body.encode().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /** A kubeconfig in which {@code launcher} is the exec plugin. */
  String kubeconfig(String version, Object launcher, String role) {
    return """
    apiVersion: v1
    kind: Config
    current-context: acme
    clusters:
      - name: acme
        cluster:
          server: https://127.0.0.1:%d
          certificate-authority-data: %s
    contexts: [{ name: acme, context: { cluster: acme, user: me } }]
    users:
      - name: me
        user:
          exec:
            apiVersion: client.authentication.k8s.io/%s
            command: "%s"
            args: [kube, credentials, %s]
            interactiveMode: Never
    """
        .formatted(
            server.getAddress().getPort(),
            Base64.getEncoder().encodeToString(certificate.getBytes(StandardCharsets.US_ASCII)),
            version,
            launcher,
            role);
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
