package io.daypass.identity.oidc;

import io.daypass.identity.TrustedIssuer;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a configured issuer publishes its keys (OpenID Connect Discovery 1.0 section 4). Dials the
 * configured issuer's own origin, or the configured jwks-uri, and nothing that a token or a
 * redirect names.
 */
final class IssuerSite {

  private final TrustedIssuer issuer;
  private final Dial dial;
  private final KeyReader reader;
  private final Duration deadline;

  IssuerSite(TrustedIssuer issuer, HttpClient http, KeyReader reader, Duration deadline) {
    this.issuer = issuer;
    this.dial = new Dial(http);
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
    return switch (get(discoveryUri(issuer), end)) {
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

  static URI discoveryUri(TrustedIssuer issuer) {
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
    return switch (dial.send(request, end)) {
      case Dial.Dialled.Senseless(var reason) -> new Answer.Failed(new Fetched.Refused(reason));
      case Dial.Dialled.Unreachable(var reason) ->
          new Answer.Failed(new Fetched.Unreachable(reason));
      case Dial.Dialled.Answered answered ->
          answered.status() == 200
              ? new Answer.Body(answered.body())
              : new Answer.Failed(new Fetched.Unreachable("its answer is not 200"));
    };
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
