package io.daypass.postgres;

import io.daypass.request.RequestContracts;
import io.daypass.request.RequestStores;

class PostgresRequestsTest extends RequestContracts {

  private final PostgresStores stores = PostgresStores.empty();

  @Override
  protected RequestStores stores() {
    return stores;
  }
}
