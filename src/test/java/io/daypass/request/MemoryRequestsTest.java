package io.daypass.request;

import java.time.Duration;
import java.time.Instant;

class MemoryRequestsTest extends RequestStoreContract {

  private final TickingClock clock = new TickingClock();
  private final MemoryRequests store = new MemoryRequests(clock, OPEN_LIMIT);

  @Override
  protected RequestStore store() {
    return store;
  }

  @Override
  protected void age(RequestId id, Duration by) {
    store.age(id, by);
  }

  @Override
  protected Instant now() {
    return clock.instant();
  }
}
