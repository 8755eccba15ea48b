package io.daypass.postgres;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.issuance.Answer;
import io.daypass.request.RequestIds;
import io.daypass.request.Roles;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the service's role can do by itself, should somebody take it over. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RightsTest {

  private final TestDatabase database = TestDatabase.shared();
  private final Replica replica =
      new Replica(
          database,
          2,
          Roles.policies(
              role("now").automatic().make(), role("asked").approvedBy(Roles.one("leads")).make()),
          new RequestIds());
  private final Caller alice = TestCallers.human("alice");

  @BeforeAll
  void some_history() {
    replica.requests.remember(alice.identity(), alice.token().issuedAt());
    replica.ask(alice, "now", "history");
    assertThat(replica.issue(alice, "now")).isInstanceOf(Answer.Issued.class);
    replica.ask(alice, "asked", "pending");
  }

  @AfterAll
  void close() {
    replica.close();
    database.close();
  }

  private void refused(String sql) throws SQLException {
    try (var service = database.asService();
        var statement = service.createStatement()) {
      assertThatThrownBy(() -> statement.execute(sql))
          .as(sql)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void e6_the_service_appends_to_the_ledger_and_does_nothing_else_to_it() throws SQLException {
    refused("UPDATE ledger_entry SET kind = 'failed'");
    refused("DELETE FROM ledger_entry");
    refused("TRUNCATE ledger_entry");

    refused("SELECT setval('ledger_number', 1)");
    try (var service = database.asService();
        var statement = service.createStatement()) {
      statement.execute("SELECT append_entry('refused', NULL, NULL, NULL, NULL, NULL, '{}')");
      assertThat(statement.executeQuery("SELECT 1 FROM ledger_entry").next()).isTrue();
    }
  }

  @Test
  void c2_the_service_writes_no_approval_and_no_request() throws SQLException {
    refused(
        "INSERT INTO approval SELECT id, 'staff', 'alice', 'approve', NULL, NULL, digest, now()"
            + " FROM access_request WHERE state = 'pending'");
    refused("UPDATE approval SET verdict = 'approve'");
    refused("DELETE FROM approval");
    for (var column :
        List.of("state", "grant_ends_at", "duration_s", "requester_subject", "digest", "version")) {
      refused("UPDATE access_request SET " + column + " = " + column);
    }
    refused("INSERT INTO access_request SELECT * FROM access_request LIMIT 1");
    refused("DELETE FROM access_request");
  }

  @Test
  void the_service_lifts_no_suspension_and_no_stop_but_on_the_record() throws SQLException {
    refused("UPDATE person SET suspended = false");
    refused("UPDATE broker_state SET stopped = false");
    refused("UPDATE orphans_closed SET through = through + 1000");
    refused("UPDATE seen_token SET request_id = request_id");
    refused("INSERT INTO seen_token VALUES ('k', '', 'r', now())");
    refused("UPDATE signing_key SET wrapped = ''");
    refused("INSERT INTO signing_key VALUES ('k', 'ES256', '', '', now(), now())");
    refused("CREATE TABLE mine (n int)");
  }

  @Test
  void w8_the_service_reads_no_session_and_prolongs_none() throws SQLException {
    for (var table : List.of("web_session", "sign_in")) {
      refused("SELECT 1 FROM " + table);
      refused("DELETE FROM " + table);
      refused("TRUNCATE " + table);
      refused("INSERT INTO " + table + " DEFAULT VALUES");
    }
    refused("UPDATE web_session SET ends_at = ends_at + interval '1 hour'");
    refused("UPDATE sign_in SET browser_sha256 = state_sha256");
  }

  @Test
  void e6_the_service_changes_nothing_of_where_sessions_may_be() throws SQLException {
    refused("DELETE FROM issued_place");
    refused("UPDATE issued_place SET place = 'elsewhere'");
    refused("INSERT INTO issued_place VALUES ('r', now(), 'aws', 'elsewhere')");
    refused("UPDATE issued_place_since SET at = now()");
  }

  @Test
  void an_end_is_an_end_and_nothing_else() throws SQLException {
    try (var service = database.asService();
        var statement = service.createStatement()) {
      for (var to : List.of("approved", "pending", "denied")) {
        assertThatThrownBy(() ->
                statement.execute(
                    "SELECT end_request(id, '%s', 'staff', 'alice', 'alice', 'x') FROM access_request"
                        .formatted(to)))
            .hasMessageContaining("not an end");
      }
    }
  }

  @Test
  void c2_a_vote_does_not_complete_what_lacks_approvals() throws SQLException {
    database.run(
        "UPDATE access_request SET lines = '[{\"from\": \"x\", \"count\": 2}]' WHERE state = 'pending'");
    database.run(
        "INSERT INTO person VALUES ('staff', 'mallory', '{}', false, 1, now()) ON CONFLICT DO NOTHING");
    try (var service = database.asService();
        var statement = service.createStatement()) {
      assertThatThrownBy(() ->
              statement.execute(
                  "SELECT record_vote(id, version, 'staff', 'mallory', 'approve', NULL, NULL,"
                      + " digest, true, 60) FROM access_request WHERE state = 'pending'"))
          .hasMessageContaining("fewer approvals");
    }
  }

  @Test
  void d1_an_issuance_has_one_intent_and_one_outcome() throws SQLException {
    try (var owner = database.asSuperuser();
        var statement = owner.createStatement()) {
      for (var kind : List.of("intent", "sealed")) {
        assertThatThrownBy(() -> statement.execute(copyOf(kind)))
            .hasMessageContaining("duplicate key");
      }
      assertThatThrownBy(() ->
              statement.execute(
                  "INSERT INTO ledger_entry (number, written_at, kind, canonical, sha256)"
                      + " VALUES (0, now(), 'refused', 'a', sha256('b'))"))
          .hasMessageContaining("check constraint");
    }
  }

  private static String copyOf(String kind) {
    return """
    INSERT INTO ledger_entry
    SELECT nextval('ledger_number'), written_at, kind, request_id, issuance, role,
      caller_issuer, caller_subject, canonical, sha256
    FROM ledger_entry WHERE kind = '%s'
    """
        .formatted(kind);
  }

  @Test
  void temporary_tables_stand_in_for_nothing() throws SQLException {
    database.run(
        "GRANT TEMPORARY ON DATABASE "
            + database.one("SELECT current_database()", String.class)
            + " TO PUBLIC");
    try (var service = database.asService();
        var statement = service.createStatement()) {
      statement.execute("CREATE TEMP TABLE broker_state (stopped boolean)");
      statement.execute("INSERT INTO broker_state VALUES (true)");
      try (var rows = statement.executeQuery("SELECT daypass.issuing_is_stopped()")) {
        rows.next();
        assertThat(rows.getBoolean(1)).isFalse();
      }
    }
  }
}
