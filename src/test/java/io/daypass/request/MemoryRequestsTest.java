package io.daypass.request;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;

class MemoryRequestsTest {

  private final InMemory stores = new InMemory();

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

  @Nested
  class Requests extends RequestStoreContract {
    @Override
    protected RequestStores stores() {
      return stores;
    }
  }

  @Nested
  class Decisions extends RequestDecisionsContract {
    @Override
    protected RequestStores stores() {
      return stores;
    }
  }

  @Nested
  class Pages extends RequestPagesContract {
    @Override
    protected RequestStores stores() {
      return stores;
    }
  }
}
