package io.daypass.postgres;

import io.daypass.request.RequestDecisionsContract;
import io.daypass.request.RequestPagesContract;
import io.daypass.request.RequestStoreContract;
import io.daypass.request.RequestStores;
import org.junit.jupiter.api.Nested;

class PostgresRequestsTest {

  private final PostgresStores stores = PostgresStores.empty();

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
