package io.daypass.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of a broker as a cloud sees: an issuer with keys. */
final class TestBroker implements AutoCloseable {

  // One for all: it takes longer to make than most tests.
  private static final RSAKey RSA = newRsa();

  final AtomicInteger fetches = new AtomicInteger();
  private final HttpServer server;
  private volatile ECKey ec;
  volatile int status = 200;
  volatile String issuerInDocument;

  TestBroker() {
    try {
      ec = newEc();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    issuerInDocument = url();
    serve("/.well-known/openid-configuration");
    serve("/jwks");
    server.start();
  }

  private void serve(String path) {
    server.createContext(
        path,
        exchange -> {
          fetches.incrementAndGet();
          var text =
              path.equals("/jwks")
                  ? new JWKSet(List.<JWK>of(ec, RSA)).toString(true)
                  : new JsonObject()
                      .put("issuer", issuerInDocument)
                      .put("jwks_uri", url() + "/jwks")
                      .encode();
          var body = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  static ECKey newEc() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RSAKey newRsa() {
    try {
      return new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  ECKey key() {
    return ec;
  }

  void rotate() {
    ec = newEc();
  }

  /** What a good assertion says. */
  Map<String, Object> claims() {
    long now = Instant.now().getEpochSecond();
    return new LinkedHashMap<>(
        Map.of(
            "iss",
            url(),
            "sub",
            "role:staging-admin",
            "aud",
            "daypass-aws-123456789012",
            "iat",
            now,
            "exp",
            now + 60,
            "jti",
            UUID.randomUUID().toString(),
            "https://aws.amazon.com/tags",
            Map.of(
                "principal_tags",
                Map.of("DaypassRequest", List.of("req-1"), "DaypassCaller", List.of("alice"))),
            "https://aws.amazon.com/source_identity",
            "alice"));
  }

  String es256(Map<String, Object> claims) {
    return sign(JWSAlgorithm.ES256, ec.getKeyID(), claims, ec);
  }

  String rs256(Map<String, Object> claims) {
    return sign(JWSAlgorithm.RS256, RSA.getKeyID(), claims, RSA);
  }

  static String sign(JWSAlgorithm algorithm, String keyId, Map<String, Object> claims, JWK key) {
    return sign(algorithm, keyId, new JsonObject(claims).encode(), key);
  }

  static String sign(JWSAlgorithm algorithm, String keyId, String claims, JWK key) {
    try {
      JWSSigner signer =
          key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey());
      var jws =
          new JWSObject(new JWSHeader.Builder(algorithm).keyID(keyId).build(), new Payload(claims));
      jws.sign(signer);
      return jws.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
