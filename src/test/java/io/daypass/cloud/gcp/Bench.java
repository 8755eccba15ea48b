package io.daypass.cloud.gcp;

import com.sun.net.httpserver.HttpServer;
import io.daypass.cloud.Bindings;
import io.daypass.cloud.Grants;
import io.daypass.cloud.Waits;
import io.daypass.cloud.wire.Limits;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.IssuerUrl;
import io.daypass.issuer.PublicDocument;
import io.daypass.issuer.Signing;
import io.daypass.issuer.SigningKeys;
import io.daypass.policy.Target;
import io.daypass.sandbox.Sandbox;
import io.daypass.sandbox.gcp.GcpStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What most tests of this package need: an issuer, a strict Google and the cloud between them. */
final class Bench implements AutoCloseable {

  static final String LOGS = "daypass-gcp-logs@acme-prod.iam.gserviceaccount.com";
  static final List<String> SCOPES = List.of("https://www.googleapis.com/auth/logging.read");

  /** Goes on as time does, from wherever a test puts it. */
  static final class Time implements InstantSource {
    private volatile Instant from;
    private volatile long since;

    Time(Instant now) {
      set(now);
    }

    void set(Instant now) {
      since = System.nanoTime();
      from = now;
    }

    @Override
    public Instant instant() {
      return from.plusNanos(System.nanoTime() - since);
    }
  }

  private static final Signing.Ring RING = Signing.Ring.made();

  final Time time = new Time(Grants.NOW);
  final OneGrant store = new OneGrant();
  private final HttpServer issuer;
  final SigningKeys keys;

  /** How often the issuer is down before it answers. */
  final AtomicInteger issuerAway = new AtomicInteger();

  final Sandbox sandbox;
  final GoogleCloud cloud;

  Bench() {
    try {
      issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var url = new IssuerUrl("http://localhost:" + issuer.getAddress().getPort());
      keys = RING.ready(url, InstantSource.fixed(Grants.NOW));
      serve("/.well-known/openid-configuration", keys::discovery);
      serve("/.well-known/jwks.json", keys::jwks);
      issuer.start();
      sandbox = Sandbox.options().clock(time).start().trust(url.value());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cloud = cloud(Waits.QUICK, keys);
  }

  private void serve(String path, Supplier<PublicDocument> document) {
    issuer.createContext(
        path,
        exchange -> {
          var body = document.get().body().getBytes(StandardCharsets.UTF_8);
          var away = issuerAway.getAndUpdate(times -> Math.max(0, times - 1)) > 0;
          exchange.sendResponseHeaders(away ? 503 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  GoogleCloud cloud(Limits limits, Assertions assertions) {
    return cloud(endpoint("sts"), endpoint("iam-credentials"), limits, assertions);
  }

  GoogleCloud cloud(URI sts, URI iam, Limits limits, Assertions assertions) {
    var endpoints = new GoogleConfig.Endpoints(sts, iam, endpoint("resource-manager"));
    return new GoogleCloud(
        new GoogleConfig(endpoints, limits),
        assertions,
        new Bindings(store, Duration.ofSeconds(60), Duration.ofSeconds(60)),
        time,
        RandomGenerator.getDefault());
  }

  URI endpoint(String name) {
    return URI.create(sandbox.gcpEndpoints().getOrDefault(name, ""));
  }

  /** Of the role gcp-logs: an hour of credential in eight of grant. */
  static Grants grant() {
    return Grants.standard().called("gcp-logs").to(target(LOGS));
  }

  static Target.Google target(String account) {
    return new Target.Google(account, GcpStandIn.PROVIDER, SCOPES);
  }

  long calls(String service, String action) {
    return sandbox.calls().list(service, action).size();
  }

  @Override
  public void close() {
    cloud.close();
    sandbox.close();
    issuer.stop(0);
  }
}
