package io.daypass.identity.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.daypass.identity.Kind;
import io.daypass.identity.TokenUse;
import io.daypass.identity.TrustedIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;

/** An OIDC issuer on loopback with real keys, whose faults are scripted. */
@NullUnmarked // hands in nulls on purpose
public final class TestIssuer implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** The usual ones, but for a deadline that a busy machine does not miss. */
  static final Limits PATIENT =
      new Limits(
          Duration.ofSeconds(60),
          Limits.STANDARD.spacing(),
          Limits.STANDARD.refreshEvery(),
          Limits.STANDARD.maxStale());

  static final String AUDIENCE = "https://daypass.example.com";

  private final HttpServer server;
  private final AtomicInteger discoveries = new AtomicInteger();
  private final AtomicInteger fetches = new AtomicInteger();
  private final Map<String, HttpHandler> others = new ConcurrentHashMap<>();
  private volatile HttpHandler discovery;
  private volatile HttpHandler jwks = json("{\"keys\":[]}");

  public TestIssuer(SigningKey... keys) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    discovery = json(discoveryDocument(url(), url() + "/keys"));
    server.createContext(
        "/realm/.well-known/openid-configuration",
        exchange -> {
          discoveries.incrementAndGet();
          discovery.handle(exchange);
        });
    server.createContext(
        "/realm/keys",
        exchange -> {
          fetches.incrementAndGet();
          jwks.handle(exchange);
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    publish(keys);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
  }

  int discoveries() {
    return discoveries.get();
  }

  int fetches() {
    return fetches.get();
  }

  void publish(SigningKey... keys) {
    publish(Arrays.stream(keys).map(SigningKey::jwk).toList());
  }

  void publish(List<Map<String, Object>> entries) {
    jwks = json(JSONObjectUtils.toJSONString(Map.of("keys", entries)));
  }

  void answerKeys(HttpHandler handler) {
    jwks = handler;
  }

  void answerDiscovery(HttpHandler handler) {
    discovery = handler;
  }

  /** What another path of the realm answers. */
  void answer(String path, HttpHandler handler) {
    if (others.put(path, handler) == null) {
      server.createContext("/realm" + path, exchange -> others.get(path).handle(exchange));
    }
  }

  public void goDown() {
    answerKeys(HttpExchange::close);
    answerDiscovery(HttpExchange::close);
  }

  public void comeBack(SigningKey... keys) {
    answerDiscovery(json(discoveryDocument(url(), url() + "/keys")));
    publish(keys);
  }

  public TrustedIssuer trusted() {
    return trusted("staff", null);
  }

  TrustedIssuer trusted(String name, URI jwksUri) {
    return new TrustedIssuer(
        name,
        url(),
        AUDIENCE,
        Kind.WORKLOAD,
        TrustedIssuer.Preset.GENERIC,
        TokenUse.REUSABLE,
        Duration.ofHours(1),
        new TrustedIssuer.ClaimNames("groups", "email", "name", null),
        jwksUri);
  }

  /** Claims that are good at {@link #NOW}. */
  public Map<String, Object> claims() {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", url());
    claims.put("aud", AUDIENCE);
    claims.put("sub", "job-1");
    claims.put("iat", NOW.getEpochSecond());
    claims.put("exp", NOW.plusSeconds(300).getEpochSecond());
    return claims;
  }

  static String discoveryDocument(String issuer, String jwksUri) {
    return JSONObjectUtils.toJSONString(Map.of("issuer", issuer, "jwks_uri", jwksUri));
  }

  static HttpHandler json(String body) {
    return status(200, body);
  }

  static HttpHandler status(int status, String body) {
    return exchange -> {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    };
  }

  static HttpHandler redirect(String to) {
    return exchange -> {
      exchange.getResponseHeaders().add("Location", to);
      exchange.sendResponseHeaders(302, -1);
      exchange.close();
    };
  }

  /** Sends until the other side hangs up. */
  static HttpHandler endless() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      var spaces = new byte[8192];
      Arrays.fill(spaces, (byte) ' ');
      try (var body = exchange.getResponseBody()) {
        while (true) {
          body.write(spaces);
        }
      } catch (IOException e) {
        // The reader had enough.
      }
    };
  }

  /** Sends a byte now and then until the other side hangs up. */
  static HttpHandler drip() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      try (var body = exchange.getResponseBody()) {
        while (true) {
          body.write(' ');
          body.flush();
          Thread.sleep(20);
        }
      } catch (IOException | InterruptedException e) {
        // The reader had enough.
      }
    };
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
