package io.daypass.cloud.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.Wire;
import io.daypass.cloud.wire.WireException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The library's HTTP for one attempt at one token: a single POST to the one endpoint it is for,
 * whatever address the library believes in (a variable of its surroundings can name a region of
 * Azure, or have one looked up). Nothing is sent twice: the library would repeat by itself what
 * failed at the other side.
 */
final class EntraWire implements HttpClient {

  private final Wire wire;
  private final URI endpoint;
  private final Deadline deadline;
  private @Nullable Failure failure;
  private boolean sent;

  EntraWire(Wire wire, URI endpoint, Deadline deadline) {
    this.wire = wire;
    this.endpoint = endpoint;
    this.deadline = deadline;
  }

  /** Why there is no token, as far as the wire knows. */
  Failure failure(RuntimeException thrown) {
    var known = failure;
    // With an answer at hand, the library could not make sense of it.
    return known != null
        ? known
        : Failure.lasting(
            sent ? Reason.CLOUD_ANSWER_WRONG : Reason.CLOUD_FAILED,
            "unreadable: " + thrown.getClass().getSimpleName());
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request) {
    return Mono.fromCallable(() -> sendSync(request, Context.NONE));
  }

  @Override
  public HttpResponse sendSync(HttpRequest request, Context context) {
    if (request.getHttpMethod() != HttpMethod.POST || sent) {
      throw new Unsent();
    }
    sent = true;
    try {
      var answer =
          wire.exchange(
              java.net.http.HttpRequest.newBuilder(endpoint)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .header("Accept", "application/json")
                  .POST(
                      java.net.http.HttpRequest.BodyPublishers.ofByteArray(
                          request.getBodyAsBinaryData().toBytes()))
                  .build(),
              deadline);
      var refusal = EntraFailures.of(answer);
      if (refusal != null) {
        failure = refusal;
        throw new Unsent();
      }
      return new Received(request, answer.body());
    } catch (WireException e) {
      failure = Failure.of(e);
      throw new Unsent();
    }
  }

  /** Ends the library's attempt; what it was is said elsewhere. */
  static final class Unsent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unsent() {
      super("no token", null, false, false);
    }
  }

  /** An answer of status 200 in the library's words. */
  private static final class Received extends HttpResponse {

    private final byte[] body;
    private final HttpHeaders headers =
        new HttpHeaders().set(HttpHeaderName.CONTENT_TYPE, "application/json");

    Received(HttpRequest request, byte[] body) {
      super(request);
      this.body = body;
    }

    @Override
    public int getStatusCode() {
      return 200;
    }

    @Override
    @Deprecated
    public @Nullable String getHeaderValue(String name) {
      return headers.getValue(HttpHeaderName.fromString(name));
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }

    @Override
    public Flux<ByteBuffer> getBody() {
      return Flux.just(ByteBuffer.wrap(body));
    }

    @Override
    public Mono<byte[]> getBodyAsByteArray() {
      return Mono.just(body);
    }

    @Override
    public Mono<String> getBodyAsString() {
      return getBodyAsString(StandardCharsets.UTF_8);
    }

    @Override
    public Mono<String> getBodyAsString(Charset charset) {
      return Mono.just(new String(body, charset));
    }
  }
}
