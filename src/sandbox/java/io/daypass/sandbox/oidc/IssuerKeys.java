package io.daypass.sandbox.oidc;

import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The keys of issuers, fetched as the clouds do that take assertions: the discovery document names
 * the very issuer. Plain http is the one thing allowed here and not there.
 */
public final class IssuerKeys implements AutoCloseable {

  private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int LARGEST = 100 * 1024;

  private final Vertx vertx;
  private final Supplier<? extends RuntimeException> unreachable;
  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .version(HttpClient.Version.HTTP_1_1)
          .build();
  private final Map<String, Fetched> fetched = new ConcurrentHashMap<>();

  private record Fetched(JWKSet keys, long at) {
    boolean fresh() {
      return System.nanoTime() - at < FRESH_NANOS;
    }
  }

  /**
   * Over {@code vertx}.
   *
   * @param unreachable what a fetch that came to nothing fails with
   */
  public IssuerKeys(Vertx vertx, Supplier<? extends RuntimeException> unreachable) {
    this.vertx = vertx;
    this.unreachable = unreachable;
  }

  /** The next call fetches anew. */
  public void forget() {
    fetched.clear();
  }

  /** The keys of {@code issuer}, anew if {@code kid} is none of those known; may fail. */
  public Future<JWKSet> of(String issuer, String kid) {
    var known = fetched.get(issuer);
    if (known != null && known.fresh() && known.keys().getKeyByKeyId(kid) != null) {
      return Future.succeededFuture(known.keys());
    }
    var context = vertx.getOrCreateContext();
    var promise = Promise.<JWKSet>promise();
    Thread.ofVirtual()
        .start(() -> {
          try {
            var keys = fetch(issuer);
            fetched.put(issuer, new Fetched(keys, System.nanoTime()));
            context.runOnContext(_ -> promise.complete(keys));
          } catch (IOException e) {
            context.runOnContext(_ -> promise.fail(unreachable.get()));
          } catch (RuntimeException e) {
            context.runOnContext(_ -> promise.fail(e));
          }
        });
    return promise.future();
  }

  private JWKSet fetch(String issuer) throws IOException {
    try {
      var document = new JsonObject(get(issuer + "/.well-known/openid-configuration"));
      if (!issuer.equals(document.getValue("issuer"))
          || !(document.getValue("jwks_uri") instanceof String jwks)) {
        throw new IOException("not the issuer's document");
      }
      return JWKSet.parse(get(jwks));
    } catch (DecodeException | ParseException e) {
      throw new IOException("not JSON", e);
    }
  }

  private String get(String url) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(url)).header("Accept", "application/json").build();
    var body = HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), LARGEST);
    var pending = http.sendAsync(request, body);
    try {
      var response = pending.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      return response.body();
    } catch (ExecutionException | TimeoutException e) {
      pending.cancel(true);
      throw new IOException("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
