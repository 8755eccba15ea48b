package io.daypass.request;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Request ids in order. */
public final class RequestIds implements Supplier<RequestId> {

  private final AtomicLong next = new AtomicLong();

  @Override
  public RequestId get() {
    return of(next.incrementAndGet());
  }

  public static RequestId of(long number) {
    // Digits are among the characters of an id.
    return new RequestId("%016d".formatted(number));
  }
}
