package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.LedgerContracts;
import io.daypass.ledger.LedgerQuery;
import io.daypass.ledger.LedgerStores;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresLedgerTest extends LedgerContracts {

  private final PostgresStores stores = PostgresStores.empty();

  @Override
  protected LedgerStores stores() {
    return stores;
  }

  private static final String SLOW =
      "SELECT daypass.append_entry('policy_loaded', NULL, NULL, NULL, NULL, NULL,"
          + " '{\"what\": \"slow\", \"policies\": \"in force\"}')";

  private static Entry entry(String what) {
    return Entry.ofBroker(EntryKind.POLICY_LOADED, Map.of("what", what));
  }

  private List<String> read(LedgerQuery.Order order) {
    var query = new LedgerQuery(null, null, null, null, null, order, order.start(), 1000);
    return store().read(query).stream()
        .map(e -> new JsonObject(e.canonical()).getJsonObject("detail").getString("what"))
        .toList();
  }

  @Test
  void e4_whoever_goes_through_it_page_by_page_misses_no_entry_that_is_committed_late()
      throws Exception {
    try (var slow = stores.database().asSuperuser();
        var statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      statement.execute(SLOW);
      store().append(entry("quick"));
      // It has a larger number than one that nobody sees yet: a page that ended with it would leave
      // that one out for good.
      for (var order : LedgerQuery.Order.values()) {
        assertThat(read(order)).isEmpty();
      }
      slow.commit();
    }
    assertThat(read(LedgerQuery.Order.OLDEST_FIRST)).containsExactly("slow", "quick");
    assertThat(read(LedgerQuery.Order.NEWEST_FIRST)).containsExactly("quick", "slow");
  }

  @Test
  void whoever_is_about_to_commit_is_waited_for() throws Exception {
    try (var slow = stores.database().asSuperuser();
        var statement = slow.createStatement();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      slow.setAutoCommit(false);
      statement.execute(SLOW);
      var read = threads.submit(() -> read(LedgerQuery.Order.OLDEST_FIRST));
      while (stores
              .database()
              .count(
                  "pg_stat_activity WHERE query LIKE 'SELECT ledger_settled%'"
                      + " AND state = 'active'")
          == 0) {
        Thread.onSpinWait();
      }
      slow.commit();
      assertThat(read.get()).containsExactly("slow");
    }
  }

  @AfterEach
  void every_entry_names_the_policies_that_were_in_force() {
    stores.everyEntryNamesThePolicies();
  }
}
