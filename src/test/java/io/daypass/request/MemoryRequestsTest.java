package io.daypass.request;

class MemoryRequestsTest extends RequestContracts {

  private final InMemory stores = new InMemory();

  @Override
  protected RequestStores stores() {
    return stores;
  }
}
