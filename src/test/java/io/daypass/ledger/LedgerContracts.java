package io.daypass.ledger;

import org.junit.jupiter.api.Nested;

/** All that every store of ledger entries does. */
public abstract class LedgerContracts extends LedgerStoreFixture {

  @Nested
  public class Intents extends LedgerStoreContract {
    @Override
    protected LedgerStores stores() {
      return LedgerContracts.this.stores();
    }
  }

  @Nested
  public class Outcomes extends LedgerOutcomesContract {
    @Override
    protected LedgerStores stores() {
      return LedgerContracts.this.stores();
    }
  }

  @Nested
  public class Pages extends LedgerPagesContract {
    @Override
    protected LedgerStores stores() {
      return LedgerContracts.this.stores();
    }
  }
}
