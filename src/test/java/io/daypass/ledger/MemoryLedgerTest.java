package io.daypass.ledger;

import io.daypass.request.MemoryRequests;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import io.daypass.request.TickingClock;
import java.time.Duration;
import java.time.Instant;

class MemoryLedgerTest extends LedgerContracts {

  private final LedgerStores stores = new InMemory();

  @Override
  protected LedgerStores stores() {
    return stores;
  }

  private static final class InMemory implements LedgerStores {
    private final TickingClock clock = new TickingClock();
    private final MemoryRequests requests = new MemoryRequests(clock, OPEN_LIMIT);
    private final MemoryLedger ledger = new MemoryLedger(requests, clock);

    @Override
    public RequestStore requests() {
      return requests;
    }

    @Override
    public LedgerStore ledger() {
      return ledger;
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
