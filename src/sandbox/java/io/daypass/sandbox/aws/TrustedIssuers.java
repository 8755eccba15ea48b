package io.daypass.sandbox.aws;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The account's OIDC providers and their keys, fetched as AWS does: the discovery document's {@code
 * issuer} must be the token's {@code iss} to the byte. Plain http is the one thing allowed here and
 * not there.
 */
final class TrustedIssuers implements AutoCloseable {

  private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int LARGEST = 100 * 1024;

  private final Vertx vertx;
  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .version(HttpClient.Version.HTTP_1_1)
          .build();
  private final Set<String> trusted = ConcurrentHashMap.newKeySet();
  private final Map<String, Keys> keys = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Keys>> inFlight = new HashMap<>();

  private record Keys(Map<String, VerificationKey> byId, long fetchedAt) {
    boolean fresh() {
      return System.nanoTime() - fetchedAt < FRESH_NANOS;
    }
  }

  TrustedIssuers(Vertx vertx) {
    this.vertx = vertx;
  }

  void trust(String issuer) {
    trusted.add(issuer);
  }

  boolean trusts(String issuer) {
    return trusted.contains(issuer);
  }

  /** Forgets the keys, so that the next token has them fetched. */
  void forgetKeys() {
    keys.clear();
  }

  /** The key {@code id} of a trusted issuer; fails with {@link Refused} if there is none. */
  Future<VerificationKey> key(String issuer, String id) {
    var known = keys.get(issuer);
    if (known != null && known.fresh()) {
      var key = known.byId().get(id);
      if (key != null) {
        return Future.succeededFuture(key);
      }
    }
    return Future.fromCompletionStage(fetchOnce(issuer), vertx.getOrCreateContext())
        .map(fetched ->
            Optional.ofNullable(fetched.byId().get(id)).orElseThrow(TrustedIssuers::noKey));
  }

  private CompletableFuture<Keys> fetchOnce(String issuer) {
    synchronized (inFlight) {
      return inFlight.computeIfAbsent(
          issuer,
          _ -> {
            var fetch = new CompletableFuture<Keys>();
            Thread.ofVirtual().start(() -> fetch(issuer, fetch));
            return fetch;
          });
    }
  }

  private void fetch(String issuer, CompletableFuture<Keys> result) {
    @Nullable Keys fetched = null;
    @Nullable Throwable failure = null;
    try {
      fetched = fetch(issuer);
      keys.put(issuer, fetched);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = noKey();
    } catch (IOException e) {
      failure = noKey();
    } catch (RuntimeException e) {
      failure = e;
    }
    synchronized (inFlight) {
      inFlight.remove(issuer);
    }
    if (fetched != null) {
      result.complete(fetched);
    } else {
      result.completeExceptionally(failure == null ? noKey() : failure);
    }
  }

  private Keys fetch(String issuer) throws IOException, InterruptedException {
    var document = Json.object(get(issuer + "/.well-known/openid-configuration")).orElse(Map.of());
    if (!issuer.equals(document.get("issuer"))
        || !(document.get("jwks_uri") instanceof String jwksUri)) {
      throw Refused.invalidToken("The discovery document is not that of the issuer");
    }
    var byId = new HashMap<String, VerificationKey>();
    try {
      for (JWK jwk : JWKSet.parse(get(jwksUri)).getKeys()) {
        VerificationKey.of(jwk).ifPresent(key -> byId.put(jwk.getKeyID(), key));
      }
    } catch (ParseException e) {
      throw Refused.invalidToken("The key set is not one");
    }
    return new Keys(Map.copyOf(byId), System.nanoTime());
  }

  private String get(String url) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(PATIENCE)
            .header("Accept", "application/json")
            .build();
    // The request's own time limit ends with the headers; a body that drips must end as well.
    var pending =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), LARGEST));
    try {
      var response = pending.get(PATIENCE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      return response.body();
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      pending.cancel(true);
      throw new IOException("no answer", e);
    }
  }

  /** Said of a key that is not there and of an issuer that cannot be reached alike. */
  private static Refused noKey() {
    return Refused.invalidToken(
        "Couldn't retrieve verification key from your identity provider,  please reference"
            + " AssumeRoleWithWebIdentity documentation for requirements");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
