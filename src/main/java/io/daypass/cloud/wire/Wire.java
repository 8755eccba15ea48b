package io.daypass.cloud.wire;

import io.daypass.cloud.wire.WireException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/**
 * HTTP with an end: an exchange is over at its deadline however slowly the answer drips, an answer
 * is at most {@link #LARGEST} bytes, redirects are not followed and nothing is sent twice.
 * Connections are kept for the next exchange.
 */
public final class Wire implements AutoCloseable {

  /** Real answers have some 3 KiB. */
  public static final int LARGEST = 64 * 1024;

  private final HttpClient http;
  // Where a connection may be waiting from before: nothing but configured endpoints.
  private final Set<String> kept = ConcurrentHashMap.newKeySet();

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
    return exchange(request, deadline, LARGEST);
  }

  /** The same where the answer may have {@code largest} bytes. */
  public HttpResponse<byte[]> exchange(HttpRequest request, Deadline deadline, int largest)
      throws WireException {
    var again = kept.contains(request.uri().getRawAuthority());
    var begun = new AtomicBoolean();
    var answer = http.sendAsync(request, body(begun, largest));
    try {
      var whole = answer.get(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS);
      kept.add(request.uri().getRawAuthority());
      return whole;
    } catch (TimeoutException e) {
      // Closes the connection, so a late answer reaches nobody.
      answer.cancel(true);
      throw new WireException(Kind.LOST, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new WireException(Kind.LOST, e);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause(), again && !begun.get());
    }
  }

  private static HttpResponse.BodyHandler<byte[]> body(AtomicBoolean begun, int largest) {
    var limited = BodyHandlers.limiting(BodyHandlers.ofByteArray(), largest);
    return head -> {
      begun.set(true);
      return limited.apply(head);
    };
  }

  private static WireException failure(Throwable cause, boolean stale) {
    return switch (cause) {
      case ConnectException e -> new WireException(Kind.NOT_SENT, e);
      case HttpConnectTimeoutException e -> new WireException(Kind.NOT_SENT, e);
      case SSLHandshakeException e -> new WireException(Kind.NOT_SENT, e);
      case HttpTimeoutException e -> new WireException(Kind.LOST, e);
      case ProtocolException e -> new WireException(Kind.LOST, e);
      case IOException e -> new WireException(stale ? Kind.HUNG_UP : Kind.LOST, e);
      default -> new WireException(Kind.LOST, cause);
    };
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
