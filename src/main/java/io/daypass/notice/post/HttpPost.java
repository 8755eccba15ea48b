package io.daypass.notice.post;

import io.daypass.notice.NotDelivered;
import io.daypass.notice.Post;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Over the JDK's client. One for each channel: what hangs at one receiver holds no connection of
 * another's. TLS checks the receiver's name.
 */
public final class HttpPost implements Post {

  private final HttpClient http;
  private final Duration within;

  /**
   * @param trust whom TLS believes
   * @param within how long an exchange may take, however slowly the answer drips
   * @param threads what the client itself works on
   */
  public HttpPost(SSLContext trust, Duration within, Executor threads) {
    this.within = within;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(within)
            .sslContext(trust)
            // The proxy that the JVM was told of, if any.
            .proxy(ProxySelector.getDefault())
            .executor(threads)
            .build();
  }

  @Override
  public Reply send(URI to, Map<String, String> headers, byte[] body, int most)
      throws NotDelivered {
    var request = HttpRequest.newBuilder(to).POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    var exchange = http.sendAsync(request.build(), _ -> new Beginning(most));
    try {
      return reply(exchange.get(within.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw new NotDelivered("timeout", e);
    } catch (ExecutionException e) {
      var cause = e.getCause();
      throw new NotDelivered(
          cause instanceof SSLException ? "tls_not_accepted" : "no_answer", cause);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      throw new NotDelivered("stopping", e);
    }
  }

  private static Reply reply(HttpResponse<byte[]> response) {
    return new Reply(
        response.statusCode(),
        new String(response.body(), StandardCharsets.UTF_8),
        response.headers().firstValue("Retry-After").orElse(""));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
