package io.daypass.ledger;

import io.daypass.request.MemoryRequests;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import io.daypass.request.TickingClock;
import java.time.Duration;
import java.time.Instant;

class MemoryLedgerTest extends LedgerStoreContract {

  private final TickingClock clock = new TickingClock();
  private final MemoryRequests requests = new MemoryRequests(clock, OPEN_LIMIT);
  private final MemoryLedger ledger = new MemoryLedger(requests, clock);

  @Override
  protected RequestStore requests() {
    return requests;
  }

  @Override
  protected LedgerStore store() {
    return ledger;
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
