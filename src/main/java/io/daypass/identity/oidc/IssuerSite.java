package io.daypass.identity.oidc;

import io.daypass.identity.TrustedIssuer;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where a configured issuer publishes its keys (OpenID Connect Discovery 1.0 section 4). Dials the
 * configured issuer's own origin, or the configured jwks-uri, and nothing that a token or a
 * redirect names.
 */
final class IssuerSite {

  private static final int LARGEST = 100 * 1024;

  private final TrustedIssuer issuer;
  private final HttpClient http;
  private final KeyReader reader;
  private final Duration deadline;

  IssuerSite(TrustedIssuer issuer, HttpClient http, KeyReader reader, Duration deadline) {
    this.issuer = issuer;
    this.http = http;
    this.reader = reader;
    this.deadline = deadline;
  }

  /** Blocks for the deadline at most. */
  Fetched fetch() {
    // Of a stopwatch, not of the time of day: a clock that is set back must not stretch it.
    var end = System.nanoTime() + deadline.toNanos();
    var configured = issuer.jwksUri();
    if (configured != null) {
      return keys(configured, end);
    }
    return switch (get(discoveryUri(), end)) {
      case Answer.Failed(var outcome) -> outcome;
      case Answer.Body body -> {
        var uri = jwksUri(body);
        yield uri == null
            ? new Fetched.Refused("discovery names another issuer, or keys on another origin")
            : keys(uri, end);
      }
    };
  }

  private Fetched keys(URI uri, long end) {
    return switch (get(uri, end)) {
      case Answer.Failed(var outcome) -> outcome;
      case Answer.Body body -> KeySet.read(body.bytes(), reader);
    };
  }

  private URI discoveryUri() {
    var base = issuer.issuer();
    var bare = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    return URI.create(bare + "/.well-known/openid-configuration");
  }

  private @Nullable URI jwksUri(Answer.Body body) {
    var discovery = StrictJson.object(body.bytes());
    if (discovery.isEmpty()
        || !issuer.issuer().equals(discovery.get().get("issuer"))
        || !(discovery.get().get("jwks_uri") instanceof String text)) {
      return null;
    }
    try {
      var uri = new URI(text);
      var own = URI.create(issuer.issuer());
      var sameOrigin =
          own.getScheme().equals(uri.getScheme())
              && own.getHost().equalsIgnoreCase(uri.getHost())
              && own.getPort() == uri.getPort()
              && uri.getRawUserInfo() == null;
      return sameOrigin ? uri : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private Answer get(URI uri, long end) {
    var request = HttpRequest.newBuilder(uri).header("Accept", "application/json").build();
    var exchange = http.sendAsync(request, _ -> new CappedBody(LARGEST));
    try {
      // Bounds the body too, which the request's own timeout does not.
      var response = exchange.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      return answer(response);
    } catch (TimeoutException e) {
      exchange.cancel(true);
      return new Answer.Failed(new Fetched.Unreachable("no whole answer in time"));
    } catch (ExecutionException e) {
      return new Answer.Failed(new Fetched.Unreachable("no connection, or one that broke"));
    } catch (InterruptedException e) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      return new Answer.Failed(new Fetched.Unreachable("the broker is stopping"));
    }
  }

  private static Answer answer(HttpResponse<Optional<byte[]>> response) {
    var status = response.statusCode();
    if (status >= 300 && status < 400) {
      return new Answer.Failed(new Fetched.Refused("it redirects, which is not followed"));
    }
    if (status != 200) {
      return new Answer.Failed(new Fetched.Unreachable("its answer is not 200"));
    }
    return response
        .body()
        .<Answer>map(Answer.Body::new)
        .orElseGet(() -> new Answer.Failed(new Fetched.Refused("the document is over 100 KiB")));
  }

  private sealed interface Answer {

    /** A whole document; a class because records compare arrays by identity. */
    final class Body implements Answer {
      private final byte[] bytes;

      Body(byte[] bytes) {
        this.bytes = bytes;
      }

      byte[] bytes() {
        return bytes;
      }
    }

    record Failed(Fetched outcome) implements Answer {}
  }
}
