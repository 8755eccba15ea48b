package io.daypass.request;

import java.time.Duration;
import java.time.Instant;

class MemoryRequestsTest extends RequestContracts {

  private final InMemory stores = new InMemory();

  @Override
  protected RequestStores stores() {
    return stores;
  }

  private static final class InMemory implements RequestStores {

    private final TickingClock clock = new TickingClock();
    private final MemoryRequests store = new MemoryRequests(clock, RequestStoreFixture.OPEN_LIMIT);

    @Override
    public RequestStore requests() {
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
}
