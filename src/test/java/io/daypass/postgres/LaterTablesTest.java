package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.daypass.identity.CallerId;
import io.daypass.identity.SignIns;
import io.daypass.ledger.LedgerQuery;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore.Query;
import io.daypass.request.RequestStoreFixture;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Tables of a later version, beside a replica of this one that goes on. */
class LaterTablesTest {

  private static final CallerId ME = new CallerId("https://login.example", "alice");
  private static final RequestId REQUEST = new RequestId("aaaaaaaaaaaaaaaa");
  private static final String HASH = "0".repeat(64);

  @Test
  void what_was_read_before_is_read_as_well_once_every_table_has_one_column_more()
      throws SQLException {
    try (var later = TestDatabase.shared();
        // Of one connection, which has prepared what it was asked for the first time.
        var replica = later.open(1)) {
      everythingIsReadBy(replica);
      var tables = new ArrayList<String>();
      try (var superuser = later.asSuperuser();
          var statement = superuser.createStatement()) {
        try (var found =
            statement.executeQuery(
                "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE n.nspname = 'daypass' AND c.relkind IN ('r', 'p')"
                    + " AND NOT c.relispartition")) {
          while (found.next()) {
            tables.add(found.getString(1));
          }
        }
        for (var table : tables) {
          statement.execute("ALTER TABLE " + table + " ADD COLUMN added_later int");
        }
      }
      assertThatCode(() -> everythingIsReadBy(replica)).doesNotThrowAnyException();
    }
  }

  private static void everythingIsReadBy(Database replica) {
    var limits = RequestStoreFixture.OPEN_LIMITS;
    var requests = new PostgresRequests(replica, limits, () -> "in force");
    requests.find(REQUEST);
    requests.liveFor(ME, "prod");
    requests.openedBy("key", "prod");
    requests.standing(ME);
    requests.page(new Query(null, null, null, null, null, 10));
    requests.page(new Query(null, ME, null, null, null, 10));
    requests.page(new Query(null, ME, null, null, "aa", null, 10));
    var polls = new PostgresPolls(replica, requests, limits);
    polls.carriedOn(HASH, "prod");
    polls.find(HASH);
    var ledger = new PostgresLedger(replica, limits, () -> "in force");
    ledger.read(new LedgerQuery(null, null, null, null, null, 0, 10));
    ledger.read(new LedgerQuery(null, "prod", null, "sealed", null, 0, 10));
    ledger.handedOut("fingerprint");
    ledger.believedUntil(REQUEST);
    ledger.isStopped();
    new PostgresKeys(replica).load();
    var checkpoints = new PostgresCheckpoints(replica);
    checkpoints.latest();
    checkpoints.growth(Duration.ofSeconds(1), Duration.ofMinutes(1), 10);
    var sessions = new PostgresSessions(replica);
    sessions.take(new SignIns.Key(HASH, HASH, "staff"));
    sessions.use(HASH);
    sessions.look(HASH);
    var outbox = new PostgresOutbox(replica);
    outbox.claim("mail", 10, Duration.ofMinutes(1));
    outbox.backlog();
    outbox.forget(Duration.ofDays(1), Duration.ofDays(1));
    var bindings = new PostgresBindings(replica, () -> "in force");
    bindings.claimDue(10, Duration.ofMinutes(1), Duration.ofSeconds(2));
    bindings.of(REQUEST);
    new PostgresCuts(replica, () -> "in force").of(REQUEST);
  }
}
