package io.daypass.request;

import java.time.Duration;
import java.time.Instant;

/** Requests in memory, and their clock. */
final class InMemory implements RequestStores {

  private final TickingClock clock = new TickingClock();
  private final MemoryRequests store = new MemoryRequests(clock, RequestStoreFixture.OPEN_LIMITS);

  @Override
  public MemoryRequests requests() {
    return store;
  }

  @Override
  public void age(RequestId id, Duration by) {
    store.age(id, by);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }
}
