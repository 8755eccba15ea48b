package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.BindingContracts;
import io.daypass.cloud.BindingStore;
import io.daypass.cloud.BindingStore.Claimed;
import io.daypass.cloud.BindingStores;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.RecordedGrant;
import io.daypass.ledger.RecordedGrants;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresBindingsTest extends BindingContracts {

  private final PostgresStores stores = PostgresStores.empty();
  private final TestDatabase database = stores.database();

  @Override
  protected BindingStores stores() {
    return stores;
  }

  @AfterEach
  void every_entry_names_the_policies_that_were_in_force() {
    stores.everyEntryNamesThePolicies();
  }

  @Test
  void a_revoked_grant_takes_its_extension_with_it() {
    var request = request(alice, HOUR, null);
    var grant = issuance(request);
    made(grant);
    ready(issuance(request(alice, HOUR.multipliedBy(2), request.id())), PLAIN);
    revoke(grant);
    assertThat(claimOne().binding().request()).isEqualTo(grant.request());
  }

  @Test
  void d1_nothing_is_made_without_an_intent() {
    var grant = issuance(request(alice, HOUR, null));
    var unwritten =
        RecordedGrants.of(
            UUID.randomUUID(),
            grant.request(),
            grant.requester(),
            grant.role(),
            grant.recordedAt(),
            grant.endsAt());
    assertThat(store().hold(unwritten, PLAIN, Duration.ZERO))
        .isEqualTo(new BindingStore.Held.Over(IssueRefusal.CLOSED));
  }

  @Test
  void e6_the_service_changes_no_binding_but_by_the_functions() throws SQLException {
    made(issuance(request(alice, HOUR, null)));
    try (var service = database.asService();
        var statement = service.createStatement()) {
      for (var sql :
          List.of(
              "UPDATE access_binding SET state = 'removed'",
              "DELETE FROM access_binding",
              "INSERT INTO access_binding SELECT * FROM access_binding",
              "UPDATE access_binding_grant SET ends_at = ends_at",
              "DELETE FROM access_binding_attempt",
              "INSERT INTO unbound_identity VALUES ('client-1', now())",
              "DELETE FROM unbound_identity",
              "SELECT binding_entry('binding_removed', NULL, NULL, '{}')")) {
        assertThatThrownBy(() -> statement.execute(sql))
            .as(sql)
            .hasMessageContaining("permission denied");
      }
    }
  }

  @Test
  void the_end_of_a_binding_is_reckoned_without_reading_all_requests() throws Exception {
    var request = request(alice, HOUR, null);
    made(issuance(request));
    extension(request, HOUR);
    try (var superuser = database.asSuperuser();
        var statement = superuser.createStatement()) {
      superuser.setAutoCommit(false);
      statement.execute("SELECT binding_end(id) FROM access_binding");
      try (var scans =
          statement.executeQuery(
              "SELECT sum(seq_scan), sum(idx_scan) FROM pg_stat_xact_user_tables"
                  + " WHERE relname IN ('access_request', 'access_binding_grant')")) {
        assertThat(scans.next()).isTrue();
        assertThat(scans.getLong(1)).isZero();
        assertThat(scans.getLong(2)).isPositive();
      }
    }
  }

  @Test
  void more_of_a_grant_that_commits_while_a_removal_is_decided_keeps_the_access() throws Exception {
    assertThat(claimedWhileMoreIsHeldThat("COMMIT")).isEmpty();
    assertThat(store().claimDue(10, MINUTE, LEAD)).isEmpty();
  }

  @Test
  void more_of_a_grant_that_does_not_commit_keeps_nothing() throws Exception {
    assertThat(claimedWhileMoreIsHeldThat("ROLLBACK")).hasSize(1);
  }

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Longer than the policies gave first, and shorter than what they give then. */
  private static final Duration LEAD = HOUR.multipliedBy(2);

  /**
   * What is claimed by a decision that began before a second issuance, to which the policies give
   * all of the grant, ends as {@code ending} says.
   */
  private List<Claimed> claimedWhileMoreIsHeldThat(String ending) throws Exception {
    var request = request(alice, HOUR.multipliedBy(4), null);
    var less = issuance(request);
    var all = issuance(request);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var more = database.asSuperuser();
        var statement = more.createStatement()) {
      statement.execute(held(less, less.endsAt().minus(HOUR.multipliedBy(3))));
      statement.execute("BEGIN");
      // The decision reads it, and so waits half-way.
      statement.execute("LOCK TABLE access_binding_grant IN ACCESS EXCLUSIVE MODE");
      var claimed = threads.submit(() -> store().claimDue(10, MINUTE, LEAD));
      database.awaitBlocked("claim_bindings");
      statement.execute(held(all, all.endsAt()));
      statement.execute(ending);
      return claimed.get();
    }
  }

  @Test
  void bindings_that_are_gone_cost_those_who_need_one_nothing_however_many_there_were()
      throws Exception {
    var gone = issuance(request(alice, HOUR, null));
    var needs = issuance(request(alice, HOUR, null));
    try (var session = database.asSuperuser()) {
      var reads = new RowsRead(session);
      // Planned while next to nothing is there.
      reads.run(heldByOne(gone));
      for (int i = 0; i < 7; i++) {
        reads.run(heldByOne(issuance(request(alice, HOUR, null))));
        reads.run("ANALYZE");
      }
      reads.plan(CLAIM);
      reads.plan(SERVES);
      reads.run("UPDATE access_binding SET state = 'removed'");
      reads.run(
          """
          INSERT INTO access_binding (root, request_id, issuance, cloud, slot, holder, place, state,
            recorded_at, removed_at, tokens_until)
          SELECT '%1$s', '%1$s', gen_random_uuid(), 'azure', 'assignment', 'client-1', '{}',
              'removed', now(), now(), now() - interval '1 day'
            FROM generate_series(1, 20000)
          """
              .formatted(gone.request()));
      assertThat(reads.by(SERVES)).isLessThan(100);
      assertThat(reads.by(heldByOne(needs))).isLessThan(100);
      assertThat(database.count("access_binding WHERE state = 'recorded'")).isEqualTo(1);
      assertThat(reads.by(CLAIM)).isLessThan(100);
    }
  }

  private static final String CLAIM = "SELECT * FROM claim_bindings(10, 60, 0)";
  private static final String SERVES = "SELECT serves_unbound('client-1', now())";

  private static String heldByOne(RecordedGrant grant) {
    return held(grant, grant.endsAt()).replace("[{", "[{\"holder\": \"client-1\", ");
  }

  @Test
  void whoever_ends_a_grant_waits_for_nobody_whose_turn_has_not_come() throws Exception {
    var grant = issuance(request(alice, HOUR, null));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var turn = database.asSuperuser();
        var statement = turn.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(6023, 1)");
      var held = threads.submit(() -> store().hold(grant, PLAIN, NONE));
      database.awaitBlocked("hold_binding");
      revoke(grant);
      statement.execute("SELECT pg_advisory_unlock(6023, 1)");
      assertThat(held.get()).isEqualTo(new BindingStore.Held.Over(IssueRefusal.GRANT_REVOKED));
    }
  }

  private static String held(RecordedGrant grant, Instant ends) {
    return """
    SET daypass.policies = 'in force';
    SELECT hold_binding('%s', '%s', 'azure', 'assignment',
      '[{"place": {"name": "one", "scope": "/subscriptions/1"}}]', '%s', 0)
    """
        .formatted(grant.issuance(), grant.request(), ends);
  }
}
