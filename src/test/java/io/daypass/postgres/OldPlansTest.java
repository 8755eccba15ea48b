package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A session plans a statement once. What it planned while there was next to nothing to read must
 * serve it when there is much: how long a session lives, and when it began, is chance.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OldPlansTest {

  private static final int ENTRIES = 20_000;
  private static final int PEOPLE = 2_000;

  private static final String INTENT =
      """
      SELECT outcome FROM record_intents(ARRAY[1]::bigint[], ARRAY[gen_random_uuid()],
        ARRAY['0000000000000001'], ARRAY[1], ARRAY['staff'], ARRAY['alice'],
        ARRAY[now() + interval '1 hour'], ARRAY['{}'],
        ARRAY[1]::bigint[], ARRAY['staff'], ARRAY['bob'], ARRAY[1]::bigint[], '{}')
      """;
  private static final String SEAL =
      """
      SELECT outcome FROM record_seals(ARRAY[1]::bigint[], ARRAY[gen_random_uuid()],
        ARRAY['0000000000000001'], ARRAY['prod'], ARRAY['staff'], ARRAY['alice'],
        ARRAY[now() + interval '1 hour'], ARRAY['{}'])
      """;

  private final TestDatabase database = TestDatabase.shared();
  private Connection session;
  private RowsRead read;

  @BeforeAll
  void plan_over_next_to_nothing_and_fill() throws SQLException {
    session = database.asSuperuser();
    read = new RowsRead(session);
    read.plan(INTENT);
    read.plan(SEAL);
    read.run(
        """
        INSERT INTO ledger_entry (number, written_at, kind, request_id, issuance, canonical, sha256)
        SELECT i, clock_timestamp(), CASE WHEN i %% 2 = 1 THEN 'intent' ELSE 'sealed' END, NULL,
            md5(((i + 1) / 2)::text)::uuid, '{}', sha256('{}')
          FROM generate_series(1, %d) AS i
        """
            .formatted(ENTRIES));
    read.run(
        """
        INSERT INTO person (issuer, subject, identity, token_issued_at)
        SELECT 'staff', 'person ' || i, '{}', now() FROM generate_series(1, %d) AS i
        """
            .formatted(PEOPLE));
  }

  @AfterAll
  void close() throws SQLException {
    session.close();
    database.close();
  }

  @Test
  void an_intent_reads_its_own_rows_and_no_others() throws SQLException {
    assertThat(read.by(INTENT)).isLessThan(20);
  }

  @Test
  void a_seal_reads_its_own_rows_and_no_others() throws SQLException {
    assertThat(read.by(SEAL)).isLessThan(20);
  }
}
