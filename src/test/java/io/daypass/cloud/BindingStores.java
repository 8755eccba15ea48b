package io.daypass.cloud;

import io.daypass.ledger.LedgerStores;
import java.util.List;

/** A store of bindings with the requests and the ledger that it belongs to. */
public interface BindingStores extends LedgerStores {

  BindingStore bindings();

  /** The kinds of what was written down, in order. */
  List<String> entries();
}
