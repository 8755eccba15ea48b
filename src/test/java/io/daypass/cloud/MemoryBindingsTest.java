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

class MemoryBindingsTest extends BindingStoreContract {

  private final TickingClock clock = new TickingClock();
  private final MemoryRequests requests = new MemoryRequests(clock, OPEN_LIMIT);
  private final MemoryLedger ledger = new MemoryLedger(requests, clock);
  private final MemoryBindings bindings = new MemoryBindings(requests, clock);

  @Override
  protected RequestStore requests() {
    return requests;
  }

  @Override
  protected LedgerStore ledger() {
    return ledger;
  }

  @Override
  protected BindingStore store() {
    return bindings;
  }

  @Override
  protected List<String> entries() {
    return bindings.entries();
  }

  @Override
  protected void age(RequestId id, Duration by) {
    requests.age(id, by);
  }

  @Override
  protected Instant now() {
    return clock.instant();
  }
}
