package io.daypass.postgres;

import io.daypass.ledger.LedgerStore;
import io.daypass.ledger.LedgerStoreContract;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import java.time.Duration;
import java.time.Instant;

class PostgresLedgerTest extends LedgerStoreContract {

  private final PostgresStores stores = PostgresStores.empty();

  @Override
  protected RequestStore requests() {
    return stores.requests();
  }

  @Override
  protected LedgerStore store() {
    return stores.ledger();
  }

  @Override
  protected void age(RequestId id, Duration by) {
    stores.age(id, by);
  }

  @Override
  protected Instant now() {
    return stores.now();
  }
}
