package io.daypass.cloud.gcp;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Wire;
import io.daypass.cloud.wire.WireException;
import io.daypass.cloud.wire.WireException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The library's way to the {@link Wire}, for one call to one address. Its own transports count
 * their time-outs from one byte to the next, unpack answers of any size, follow redirects and read
 * proxies from their surroundings.
 */
final class WireTransport extends HttpTransport {

  // The JDK's client sets these itself; and what comes packed could be of any size unpacked.
  private static final Set<String> LEFT_OUT =
      Set.of("connection", "content-length", "expect", "host", "upgrade", "accept-encoding");

  private final Wire wire;
  private final GoogleCall call;
  private final URI address;
  private final Deadline deadline;
  private byte @Nullable [] answer;

  WireTransport(Wire wire, GoogleCall call, URI address, Deadline deadline) {
    this.wire = wire;
    this.call = call;
    this.address = address;
    this.deadline = deadline;
  }

  /** What came back with status 200, as it came; null before that. */
  byte @Nullable [] answer() {
    return answer;
  }

  @Override
  public boolean supportsMethod(String method) {
    return method.equals("POST");
  }

  @Override
  protected LowLevelHttpRequest buildRequest(String method, String url) {
    if (!url.equals(call.usualUrl())) {
      // A secret goes to the one address it is for, and nowhere a library might think of.
      throw new IllegalStateException("another address than that of the call");
    }
    return new Exchange();
  }

  private LowLevelHttpResponse settled(HttpResponse<byte[]> got) throws IOException {
    if (got.statusCode() != 200) {
      // Not the library's to judge: it would follow, repeat, or ask for another token.
      throw new RefusedException(GoogleFailures.of(got));
    }
    if (got.headers().firstValue("Content-Encoding").isPresent()) {
      throw new WireException(Kind.UNACCEPTABLE);
    }
    answer = got.body();
    return new Answer(got);
  }

  /** Google said no. */
  static final class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient io.daypass.cloud.wire.Failure failure;

    RefusedException(io.daypass.cloud.wire.Failure failure) {
      super(failure.reason().code());
      this.failure = failure;
    }

    io.daypass.cloud.wire.Failure failure() {
      return failure;
    }
  }

  private final class Exchange extends LowLevelHttpRequest {

    private final HttpRequest.Builder request = HttpRequest.newBuilder(address);

    @Override
    public void addHeader(String name, String value) {
      if (!LEFT_OUT.contains(name.toLowerCase(Locale.ROOT))) {
        request.header(name, value);
      }
    }

    @Override
    public LowLevelHttpResponse execute() throws IOException {
      var body = new ByteArrayOutputStream();
      var content = getStreamingContent();
      if (content != null) {
        content.writeTo(body);
      }
      var type = getContentType();
      if (type != null) {
        request.header("Content-Type", type);
      }
      request.POST(BodyPublishers.ofByteArray(body.toByteArray()));
      return settled(wire.exchange(request.build(), deadline, call.largest()));
    }
  }

  private static final class Answer extends LowLevelHttpResponse {

    private final HttpResponse<byte[]> got;

    Answer(HttpResponse<byte[]> got) {
      this.got = got;
    }

    @Override
    public InputStream getContent() {
      return new ByteArrayInputStream(got.body());
    }

    @Override
    public @Nullable String getContentEncoding() {
      return null;
    }

    @Override
    public long getContentLength() {
      return got.body().length;
    }

    @Override
    public String getContentType() {
      return got.headers().firstValue("Content-Type").orElse("");
    }

    @Override
    public String getStatusLine() {
      return "HTTP/1.1 200 OK";
    }

    @Override
    public int getStatusCode() {
      return got.statusCode();
    }

    @Override
    public String getReasonPhrase() {
      return "OK";
    }

    @Override
    public int getHeaderCount() {
      return 0;
    }

    @Override
    public String getHeaderName(int index) {
      throw new IndexOutOfBoundsException(index);
    }

    @Override
    public String getHeaderValue(int index) {
      throw new IndexOutOfBoundsException(index);
    }
  }
}
