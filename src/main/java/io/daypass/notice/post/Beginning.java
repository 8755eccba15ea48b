package io.daypass.notice.post;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** How a body begins; hangs up on the rest. */
final class Beginning implements BodySubscriber<byte[]> {

  private final int most;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  /**
   * @param most so many bytes at most; 0 for none, when the status says it all
   */
  Beginning(int most) {
    this.most = most;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription upstream) {
    subscription = upstream;
    if (most == 0) {
      enough();
    } else {
      upstream.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (var buffer : buffers) {
      var piece = new byte[Math.min(buffer.remaining(), most - bytes.size())];
      buffer.get(piece);
      bytes.writeBytes(piece);
    }
    if (bytes.size() == most) {
      enough();
    } else if (subscription != null) {
      subscription.request(1);
    }
  }

  private void enough() {
    body.complete(bytes.toByteArray());
    if (subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(bytes.toByteArray());
  }
}
