package io.daypass.cloud.wire;

import io.daypass.cloud.wire.WireException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLSession;
import org.apache.hc.core5.http.ClassicHttpResponse;

/** An answer that is here as a whole, in the JDK's words. */
final class Received implements HttpResponse<byte[]> {

  private final HttpRequest request;
  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  private Received(HttpRequest request, int status, HttpHeaders headers, byte[] body) {
    this.request = request;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /**
   * Reads {@code answer} to its end.
   *
   * @throws WireException if it has more than {@code largest} bytes
   */
  static Received of(HttpRequest request, ClassicHttpResponse answer, int largest)
      throws IOException {
    var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    for (var header : answer.getHeaders()) {
      headers.computeIfAbsent(header.getName(), _ -> new ArrayList<>()).add(header.getValue());
    }
    return new Received(
        request, answer.getCode(), HttpHeaders.of(headers, (_, _) -> true), body(answer, largest));
  }

  private static byte[] body(ClassicHttpResponse answer, int largest) throws IOException {
    var entity = answer.getEntity();
    if (entity == null) {
      return new byte[0];
    }
    var in = entity.getContent();
    // Told how much comes, the stream takes no more memory than that.
    var told = entity.getContentLength();
    var known = told >= 0 && told <= largest;
    var body = in.readNBytes(known ? (int) told : largest);
    // To ask for one more also finds the end, without which a connection is not kept.
    if (in.read() >= 0) {
      throw new WireException(Kind.LOST);
    }
    in.close();
    return body;
  }

  @Override
  public HttpRequest request() {
    return request;
  }

  @Override
  public int statusCode() {
    return status;
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  /** Not a copy: whoever asked is the only one who has it. */
  @Override
  public byte[] body() {
    return body;
  }

  @Override
  public Optional<HttpResponse<byte[]>> previousResponse() {
    return Optional.empty();
  }

  @Override
  public Optional<SSLSession> sslSession() {
    return Optional.empty();
  }

  @Override
  public URI uri() {
    return request.uri();
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }
}
