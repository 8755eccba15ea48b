package io.daypass.identity.oidc;

import io.daypass.identity.TrustedIssuer;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one issuer says of its sign-in, held for a while. The last that made sense serves on while
 * the issuer does not answer, as its keys do.
 */
final class Discovery {

  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

  /** How many may ask at once while nothing is held; the rest are told to come again. */
  private static final int MOST_ASKING = 8;

  private final TrustedIssuer issuer;
  private final Dial dial;
  private final InstantSource clock;
  private final Limits limits;
  private final Semaphore asking = new Semaphore(MOST_ASKING);

  private volatile @Nullable Held held;
  private volatile @Nullable Instant lastStart;

  Discovery(TrustedIssuer issuer, Dial dial, InstantSource clock, Limits limits) {
    this.issuer = issuer;
    this.dial = dial;
    this.clock = clock;
    this.limits = limits;
  }

  private record Held(Endpoints endpoints, Instant at) {}

  /** The endpoints now; waits for the issuer only if there are none, or they are old. */
  Optional<Endpoints> endpoints() {
    var now = clock.instant();
    var current = held;
    var young = current != null && !Limits.elapsed(current.at(), limits.refreshEvery(), now);
    // With something to serve meanwhile, an issuer that is away is not asked at every sign-in.
    var asksAgain = current == null || Limits.elapsed(lastStart, limits.spacing(), now);
    if (!young && asksAgain) {
      fetch(now);
    }
    return Optional.ofNullable(held)
        .filter(last -> !Limits.elapsed(last.at(), limits.maxStale(), now))
        .map(Held::endpoints);
  }

  private void fetch(Instant now) {
    if (!asking.tryAcquire()) {
      return;
    }
    try {
      lastStart = now;
      var end = System.nanoTime() + limits.deadline().toNanos();
      var request =
          HttpRequest.newBuilder(IssuerSite.discoveryUri(issuer))
              .header("Accept", "application/json")
              .build();
      switch (dial.send(request, end)) {
        case Dial.Dialled.Answered answered -> read(answered, now);
        case Dial.Dialled.Senseless(var reason) -> failed(reason);
        case Dial.Dialled.Unreachable(var reason) -> failed(reason);
      }
    } finally {
      asking.release();
    }
  }

  private void read(Dial.Dialled.Answered answered, Instant now) {
    var read =
        answered.status() == 200
            ? Endpoints.of(issuer, answered.body())
            : Optional.<Endpoints>empty();
    if (read.isPresent()) {
      held = new Held(read.get(), now);
    } else {
      failed("its discovery is not one that people can sign in by");
    }
  }

  private void failed(String reason) {
    LOG.atWarn()
        .addKeyValue("issuer", issuer.name())
        .addKeyValue("reason", reason)
        .log("sign_in.discovery_failed");
  }
}
