package io.daypass.cloud.wire;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/** A request, described in the JDK's words, in those of the client that sends it. */
final class Sent {

  private Sent() {}

  /**
   * @throws IllegalArgumentException if its body is not at hand as a whole
   */
  static HttpUriRequestBase of(HttpRequest request) {
    var sent = new HttpUriRequestBase(request.method(), request.uri());
    request
        .headers()
        .map()
        .forEach((name, values) -> values.forEach(value -> sent.addHeader(name, value)));
    request
        .bodyPublisher()
        .ifPresent(body -> sent.setEntity(new ByteArrayEntity(bytes(body), null)));
    return sent;
  }

  private static byte[] bytes(BodyPublisher body) {
    var gathering = new Gathering(Math.toIntExact(Math.max(0, body.contentLength())));
    body.subscribe(gathering);
    if (!gathering.whole) {
      throw new IllegalArgumentException("a body is bytes that are there already");
    }
    return gathering.bytes.toByteArray();
  }

  private static final class Gathering implements Flow.Subscriber<ByteBuffer> {

    private final ByteArrayOutputStream bytes;
    private boolean whole;

    Gathering(int expected) {
      bytes = new ByteArrayOutputStream(expected);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer piece) {
      var array = new byte[piece.remaining()];
      piece.get(array);
      bytes.writeBytes(array);
    }

    @Override
    public void onError(@Nullable Throwable failure) {
      // Not whole, then.
    }

    @Override
    public void onComplete() {
      whole = true;
    }
  }
}
