package io.daypass.request;

import org.junit.jupiter.api.Nested;

/** All that every store of requests does. */
public abstract class RequestContracts {

  protected abstract RequestStores stores();

  @Nested
  public class Requests extends RequestStoreContract {
    @Override
    protected RequestStores stores() {
      return RequestContracts.this.stores();
    }
  }

  @Nested
  public class Decisions extends RequestDecisionsContract {
    @Override
    protected RequestStores stores() {
      return RequestContracts.this.stores();
    }
  }

  @Nested
  public class Pages extends RequestPagesContract {
    @Override
    protected RequestStores stores() {
      return RequestContracts.this.stores();
    }
  }
}
