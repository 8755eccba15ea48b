package io.daypass.cloud.aws;

import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Wire;
import io.daypass.cloud.wire.WireException;
import io.daypass.cloud.wire.WireException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * The SDK's way to the {@link Wire}. Its own HTTP clients count their time-outs from one byte to
 * the next, read answers of any size and, over HttpURLConnection, send a POST again by themselves.
 */
final class SdkWire implements SdkHttpClient {

  /** By when the exchange made within its scope is over. */
  static final ScopedValue<Deadline> DEADLINE = ScopedValue.newInstance();

  // The JDK's client sets these itself and refuses to be told.
  private static final Set<String> SET_BY_CLIENT =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private final Wire wire;
  private final URI endpoint;

  /**
   * @param endpoint where every request goes, whatever address the SDK gives it: it leaves out the
   *     path of an endpoint it is told of, and might one day look for another
   */
  SdkWire(Wire wire, URI endpoint) {
    this.wire = wire;
    this.endpoint = endpoint;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return answer(wire.exchange(translated(request), DEADLINE.get()));
      }

      @Override
      public void abort() {
        // The deadline does that.
      }
    };
  }

  private HttpRequest translated(HttpExecuteRequest request) throws IOException {
    var sdk = request.httpRequest();
    var content = request.contentStreamProvider();
    var body = BodyPublishers.noBody();
    if (content.isPresent()) {
      try (var stream = content.get().newStream()) {
        body = BodyPublishers.ofByteArray(stream.readNBytes(length(sdk)));
      }
    }
    var translated = HttpRequest.newBuilder(endpoint).method(sdk.method().name(), body);
    sdk.forEachHeader((name, values) -> {
      if (!SET_BY_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
        values.forEach(value -> translated.header(name, value));
      }
    });
    return translated.build();
  }

  // Of a body whose length is known, no more is read than that, and no room taken for more.
  private static int length(SdkHttpRequest request) {
    return request
        .firstMatchingHeader("Content-Length")
        .map(Integer::parseInt)
        .orElse(Integer.MAX_VALUE);
  }

  private static HttpExecuteResponse answer(HttpResponse<byte[]> answer) throws WireException {
    if (!plainXml(answer.body())) {
      throw new WireException(Kind.UNACCEPTABLE);
    }
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(answer.statusCode())
                .headers(answer.headers().map())
                .build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(answer.body())))
        .build();
  }

  /**
   * No declarations: they are what entities, and so XML bombs and foreign files, are made with. A
   * NUL or a byte order mark would be an encoding in which declarations look otherwise.
   */
  private static boolean plainXml(byte[] body) {
    for (int i = 0; i < body.length; i++) {
      if (body[i] == 0 || (body[i] == '<' && i + 1 < body.length && body[i + 1] == '!')) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String clientName() {
    return "Daypass";
  }

  @Override
  public void close() {
    // Whoever made the wire closes it.
  }
}
