package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.BindingStore;
import io.daypass.cloud.BindingStores;
import io.daypass.cloud.CutStore;
import io.daypass.ledger.LedgerQuery;
import io.daypass.ledger.LedgerStore;
import io.daypass.ledger.WrittenEntry;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore;
import io.daypass.request.RequestStoreFixture;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The stores of one replica; database and connections serve many tests, and end with the JVM. */
final class PostgresStores implements BindingStores {

  private static final TestDatabase DATABASE = TestDatabase.shared();
  private static final Database REPLICA = DATABASE.open(4);

  private PostgresStores() {}

  /** With nothing in the database. */
  static PostgresStores empty() {
    DATABASE.empty();
    return new PostgresStores();
  }

  TestDatabase database() {
    return DATABASE;
  }

  @Override
  public RequestStore requests() {
    return new PostgresRequests(REPLICA, RequestStoreFixture.OPEN_LIMITS, () -> "in force");
  }

  @Override
  public LedgerStore ledger() {
    return new PostgresLedger(REPLICA, RequestStoreFixture.OPEN_LIMITS, () -> "in force");
  }

  @Override
  public BindingStore bindings() {
    return new PostgresBindings(REPLICA, () -> "in force");
  }

  CutStore cuts() {
    return new PostgresCuts(REPLICA, () -> "in force");
  }

  @Override
  public List<String> entries() {
    return ledger().read(new LedgerQuery(null, null, null, null, null, 0, 1000)).stream()
        .map(WrittenEntry::kind)
        .toList();
  }

  /** Whatever was written until now. */
  void everyEntryNamesThePolicies() {
    for (var entry : ledger().read(new LedgerQuery(null, null, null, null, null, 0, 1000))) {
      assertThat(new JsonObject(entry.canonical()).getJsonObject("detail").getString("policies"))
          .as(entry.canonical())
          .isNotBlank();
    }
  }

  @Override
  public void age(RequestId id, Duration by) {
    DATABASE.age(id, by);
  }

  @Override
  public Instant now() {
    return DATABASE.now();
  }
}
