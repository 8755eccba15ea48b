package io.daypass.cloud.wire;

import io.daypass.cloud.wire.WireException.Kind;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/**
 * HTTP with an end: an exchange is over at its deadline however slowly the answer drips, an answer
 * is at most {@link #LARGEST} bytes, redirects are not followed and nothing is sent twice.
 */
public final class Wire implements AutoCloseable {

  /** Real answers have some 3 KiB. */
  public static final int LARGEST = 64 * 1024;

  private final HttpClient http;

  /** Over TLS that trusts what the JDK trusts. */
  public Wire(Duration connect) {
    this.http = client(connect).build();
  }

  /** Over TLS that trusts what {@code trust} trusts, and nothing else. */
  public Wire(Duration connect, SSLContext trust) {
    this.http = client(connect).sslContext(trust).build();
  }

  private static HttpClient.Builder client(Duration connect) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(connect)
        .executor(Executors.newVirtualThreadPerTaskExecutor());
  }

  /** The answer to {@code request}, whatever its status. */
  public HttpResponse<byte[]> exchange(HttpRequest request, Deadline deadline)
      throws WireException {
    var body = BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST);
    var answer = http.sendAsync(request, body);
    try {
      return answer.get(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // Closes the connection, so a late answer reaches nobody.
      answer.cancel(true);
      throw new WireException(Kind.LOST, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new WireException(Kind.LOST, e);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    }
  }

  private static WireException failure(Throwable cause) {
    return switch (cause) {
      case ConnectException e -> new WireException(Kind.NOT_SENT, e);
      case HttpConnectTimeoutException e -> new WireException(Kind.NOT_SENT, e);
      case SSLHandshakeException e -> new WireException(Kind.NOT_SENT, e);
      default -> new WireException(Kind.LOST, cause);
    };
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
