package io.daypass.cloud.wire;

import io.daypass.cloud.wire.WireException.Kind;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP with an end: an exchange is over at its deadline however slowly the answer drips (give or
 * take {@link Underway#TICK}), an answer is at most {@link #LARGEST} bytes, redirects are not
 * followed and nothing is sent twice. Connections are kept for the next exchange. Whoever asks
 * waits on the socket itself, which on a virtual thread holds up nobody and wakes nobody in
 * between.
 */
public final class Wire implements AutoCloseable {

  /** Real answers have some 3 KiB. */
  public static final int LARGEST = 64 * 1024;

  // Shorter than what clouds keep a connection for.
  private static final TimeValue KEPT = TimeValue.ofSeconds(30);
  // An assertion and a session policy leave in one piece.
  private static final int BUFFER = 16 * 1024;
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int MOST_HEADERS = 200;
  // How many is for the gates to say, never for the pool.
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private final CloseableHttpClient http;
  private final Underway underway = new Underway();

  /** Over TLS that trusts what the JDK trusts. */
  public Wire(Duration connect) {
    this(connect, standard());
  }

  /** Over TLS that trusts what {@code trust} trusts, and nothing else. */
  public Wire(Duration connect, SSLContext trust) {
    this(connect, trust, SystemDefaultDnsResolver.INSTANCE);
  }

  Wire(Duration connect, SSLContext trust, DnsResolver names) {
    this.http =
        HttpClients.custom()
            .setConnectionManager(
                connections(Timeout.of(connect), trust, new Names(names, connect)))
            .setDefaultRequestConfig(RequestConfig.custom().setConnectionKeepAlive(KEPT).build())
            // The proxy that the JVM was told of, if any.
            .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
            // What a storm has left open is not kept for the next one.
            .evictIdleConnections(KEPT)
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .disableDefaultUserAgent()
            .disableConnectionState()
            .build();
  }

  private static HttpClientConnectionManager connections(
      Timeout connect, SSLContext trust, DnsResolver names) {
    var http1 =
        Http1Config.custom()
            .setBufferSize(BUFFER)
            .setMaxLineLength(LONGEST_LINE)
            .setMaxHeaderCount(MOST_HEADERS)
            .build();
    // The JDK's own check of the host's name, within the handshake.
    var tls =
        new DefaultClientTlsStrategy(
            trust, HostnameVerificationPolicy.BUILTIN, NoopHostnameVerifier.INSTANCE);
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder().http1Config(http1).build())
        .setDnsResolver(names)
        // A read that has a time-out of its own wakes a thread twice: Underway is who looks at it.
        .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(Timeout.INFINITE).build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(connect)
                // One that was hung up on is found out by using it.
                .setValidateAfterInactivity(TimeValue.NEG_ONE_MILLISECOND)
                .build())
        .setDefaultTlsConfig(
            TlsConfig.custom()
                .setHandshakeTimeout(connect)
                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                .build())
        .setTlsSocketStrategy(tls)
        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
        .setMaxConnPerRoute(UNBOUNDED)
        .setMaxConnTotal(UNBOUNDED)
        .build();
  }

  private static SSLContext standard() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The answer to {@code request}, whatever its status. */
  public HttpResponse<byte[]> exchange(HttpRequest request, Deadline deadline)
      throws WireException {
    return exchange(request, deadline, LARGEST);
  }

  /** The same where the answer may have {@code largest} bytes. */
  public HttpResponse<byte[]> exchange(HttpRequest request, Deadline deadline, int largest)
      throws WireException {
    var asked = Sent.of(request);
    var entry = underway.begin(asked, deadline);
    try (var answer = head(asked, entry)) {
      return Received.of(request, answer, largest);
    } catch (WireException e) {
      throw e;
    } catch (IOException | HttpException e) {
      throw new WireException(Kind.LOST, e);
    } finally {
      underway.end(entry);
    }
  }

  private ClassicHttpResponse head(HttpUriRequestBase request, Underway.Entry entry)
      throws WireException, HttpException {
    var context = HttpClientContext.create();
    try {
      return http.executeOpen(null, request, context);
    } catch (IOException e) {
      throw new WireException(kind(e, context, entry), e);
    }
  }

  private static Kind kind(IOException failure, HttpClientContext context, Underway.Entry entry) {
    var connection = context.getEndpointDetails();
    if (connection == null) {
      return Kind.NOT_SENT;
    }
    var ended = failure instanceof NoHttpResponseException || failure instanceof SocketException;
    var kept = connection.getResponseCount() > 0;
    return ended && kept && !entry.isCut() ? Kind.HUNG_UP : Kind.LOST;
  }

  @Override
  public void close() {
    http.close(CloseMode.IMMEDIATE);
  }
}
