package io.daypass.ledger;

import io.daypass.request.RequestStores;

/** A store of ledger entries with the requests that they are about. */
public interface LedgerStores extends RequestStores {

  LedgerStore ledger();
}
