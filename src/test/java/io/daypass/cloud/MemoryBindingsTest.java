package io.daypass.cloud;

import io.daypass.ledger.LedgerStore;
import io.daypass.ledger.MemoryLedger;
import io.daypass.request.MemoryRequests;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import io.daypass.request.TickingClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

class MemoryBindingsTest extends BindingContracts {

  private final InMemory stores = new InMemory();

  @Override
  protected BindingStores stores() {
    return stores;
  }

  private static final class InMemory implements BindingStores {

    private final TickingClock clock = new TickingClock();
    private final MemoryRequests requests =
        new MemoryRequests(clock, BindingStoreFixture.OPEN_LIMIT);
    private final MemoryLedger ledger = new MemoryLedger(requests, clock);
    private final MemoryBindings bindings = new MemoryBindings(requests, clock);

    @Override
    public RequestStore requests() {
      return requests;
    }

    @Override
    public LedgerStore ledger() {
      return ledger;
    }

    @Override
    public BindingStore bindings() {
      return bindings;
    }

    @Override
    public List<String> entries() {
      return bindings.entries();
    }

    @Override
    public void age(RequestId id, Duration by) {
      requests.age(id, by);
    }

    @Override
    public Instant now() {
      return clock.instant();
    }
  }
}
