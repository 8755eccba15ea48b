package io.daypass.postgres;

import io.daypass.request.RequestContracts;
import io.daypass.request.RequestStores;
import org.junit.jupiter.api.AfterEach;

class PostgresRequestsTest extends RequestContracts {

  private final PostgresStores stores = PostgresStores.empty();

  @AfterEach
  void every_entry_names_the_policies_that_were_in_force() {
    stores.everyEntryNamesThePolicies();
  }

  @Override
  protected RequestStores stores() {
    return stores;
  }
}
