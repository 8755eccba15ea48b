package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.BindingStoreFixture;
import io.daypass.cloud.BindingStores;
import io.daypass.cloud.CutStore;
import io.daypass.ledger.IssueRefusal;
import io.daypass.ledger.LedgerStore;
import io.daypass.request.AccessRequest;
import io.daypass.request.RequestId;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ends of grants that much was issued under, by agents that ask at every call. */
class LongGrantsTest extends BindingStoreFixture {

  private static final String ROLE = "arn:aws:iam::123456789012:role/test";
  private static final String EARLIER = "arn:aws:iam::123456789012:role/earlier";
  private static final int MANY = 30_000;
  // More than the first entries of a request that an end looks at.
  private static final int SOME = 150;
  // Of a grant of a quarter of an hour, about eight days.
  private static final int LINKS = 1_500;

  private final PostgresStores stores = PostgresStores.empty();
  private final TestDatabase database = stores.database();

  @Override
  protected BindingStores stores() {
    return stores;
  }

  @BeforeEach
  void nothing_is_cut() {
    database.run("TRUNCATE session_cut, cut_place");
  }

  @AfterEach
  void nothing_is_of_before() {
    database.run("UPDATE issued_place_since SET at = '-infinity'");
  }

  /** Intents in the ledger alone, each with an entry of {@code outcome}. */
  private void issued(RequestId request, String place, int count, String outcome) {
    database.run(
        """
        INSERT INTO ledger_entry
          (number, written_at, kind, request_id, issuance, canonical, sha256)
        SELECT nextval('ledger_number'), clock_timestamp(), k.kind, '%1$s',
            md5('%1$s %2$s ' || i)::uuid, b.canonical, sha256(b.canonical)
          FROM generate_series(1, %3$d) AS i CROSS JOIN (VALUES ('intent'), ('%4$s')) AS k (kind)
          CROSS JOIN (VALUES (convert_to('{"detail": {"cloud": "aws", "role_arn": "%2$s",'
            || ' "policies": "in force"}}', 'UTF8'))) AS b (canonical)
        """
            .formatted(request, place, count, outcome));
  }

  private AccessRequest made() {
    return request(alice, HOUR, null);
  }

  /** As a replica of the version before leaves it, with intents that no other table knows of. */
  private void madeBefore(String since) {
    database.run("TRUNCATE issued_place");
    database.run("UPDATE issued_place_since SET at = clock_timestamp() + interval '" + since + "'");
  }

  private Stream<String> cutAfterRevocation(AccessRequest request) {
    end(request.id(), AccessRequest.State.REVOKED);
    return stores.cuts().of(request.id()).stream().map(CutStore.Standing::place);
  }

  /** A request under which little was issued, of which there are statistics if {@code analyzed}. */
  private AccessRequest withStatistics(boolean analyzed) {
    var little = made();
    issuance(little);
    if (analyzed) {
      database.run("ANALYZE");
    }
    return little;
  }

  private static String revocation(AccessRequest request) {
    return "SELECT end_request('%s', 'revoked', 'staff', 'bob', 'bob', 'enough')"
        .formatted(request.id());
  }

  /** By statistics of next to nothing, and by a plan of then, as a session keeps its sixth. */
  @ParameterizedTest
  @CsvSource({"0, false", "0, true", "1, false", "1, true", "7, false", "7, true"})
  void an_end_reads_no_more_where_much_was_issued(int ends, boolean analyzed) throws SQLException {
    database.run("TRUNCATE ledger_entry CASCADE");
    try (var session = database.asSuperuser()) {
      var read = new RowsRead(session);
      for (int i = 0; i < ends; i++) {
        read.run(revocation(withStatistics(analyzed)));
      }
      var much = withStatistics(analyzed && ends == 0);
      issued(much.id(), ROLE, MANY, "sealed");
      issuance(much);
      assertThat(read.by("SELECT count(canonical) FROM ledger_entry")).isGreaterThan(MANY);
      assertThat(read.by(revocation(much))).isLessThan(1_000);
      assertThat(stores.cuts().of(much.id())).hasSize(1);
    }
  }

  /**
   * What time has ended, continued over and over: each by the next, and the last by {@code last}.
   */
  private AccessRequest chain(int links, AccessRequest last) {
    var first = made();
    age(first.id(), HOUR.multipliedBy(2));
    database.run(
        """
        WITH links AS (
          SELECT i, CASE i WHEN 1 THEN f.id WHEN %3$d THEN '%2$s'
              ELSE left(md5(f.id || i), 16) END AS id, to_jsonb(f) AS first
            FROM access_request f, generate_series(1, %3$d) AS i WHERE f.id = '%1$s'
        ), linked AS (
          SELECT l.*, lag(l.id) OVER (ORDER BY l.i) AS before FROM links l
        ), made AS (
          INSERT INTO access_request
            SELECT r.* FROM linked l, jsonb_populate_record(NULL::access_request,
                l.first || jsonb_build_object('id', l.id, 'extends_request', l.before)) AS r
              WHERE l.i > 1 AND l.i < %3$d
        )
        UPDATE access_request q SET extends_request = l.before FROM linked l
          WHERE l.i = %3$d AND q.id = l.id
        """
            .formatted(first.id(), last.id(), links));
    return first;
  }

  private AccessRequest.State state(AccessRequest request) {
    return requests().find(request.id()).orElseThrow().state();
  }

  @Test
  void p5_a_grant_that_was_continued_over_and_over_is_revoked_by_its_first_request() {
    var last = made();
    var intended = issuance(last);
    var first = chain(LINKS, last);
    end(first.id(), AccessRequest.State.REVOKED);
    assertThat(state(last)).isEqualTo(AccessRequest.State.REVOKED);
    assertThat(state(first)).isEqualTo(AccessRequest.State.APPROVED);
    assertThat(entries().stream().filter("revoked"::equals)).hasSize(1);
    assertThat(stores.cuts().of(last.id())).hasSize(1);
    assertThat(ledger().seal(intended, Map.of()))
        .isEqualTo(new LedgerStore.Seal.Withdrawn(IssueRefusal.GRANT_REVOKED));
  }

  /** By statistics of next to nothing, and by a plan of then, as a session keeps its sixth. */
  @ParameterizedTest
  @CsvSource({"0, false", "0, true", "7, false", "7, true"})
  void an_end_reads_each_continuation_a_few_times(int ends, boolean analyzed) throws SQLException {
    try (var session = database.asSuperuser()) {
      var read = new RowsRead(session);
      for (int i = 0; i < ends; i++) {
        read.run(revocation(withStatistics(analyzed)));
      }
      var last = withStatistics(analyzed && ends == 0);
      var first = chain(LINKS, last);
      assertThat(read.by(revocation(first))).isBetween((long) LINKS, 8L * LINKS);
      assertThat(state(last)).isEqualTo(AccessRequest.State.REVOKED);
    }
  }

  @Test
  void p5_what_comes_to_extend_the_last_of_many_while_they_are_being_ended_ends_with_them()
      throws Exception {
    var last = made();
    var first = chain(SOME, last);
    var more = made();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var opening = database.asSuperuser();
        var statement = opening.createStatement()) {
      opening.setAutoCommit(false);
      // As open_request: what is extended is held before anything is there that extends it.
      statement.execute(
          "SELECT FROM access_request WHERE id = '%s' FOR SHARE".formatted(last.id()));
      var ended = threads.submit(() -> end(first.id(), AccessRequest.State.REVOKED));
      database.awaitBlocked("end_request");
      statement.execute(
          "UPDATE access_request SET extends_request = '%s' WHERE id = '%s'"
              .formatted(last.id(), more.id()));
      assertThat(ended).isNotDone();
      opening.commit();
      ended.get(1, TimeUnit.MINUTES);
    }
    assertThat(state(last)).isEqualTo(AccessRequest.State.REVOKED);
    assertThat(state(more)).isEqualTo(AccessRequest.State.REVOKED);
  }

  @Test
  void what_was_issued_after_much_else_is_cut() {
    var request = made();
    issued(request.id(), EARLIER, SOME, "failed");
    issuance(request);
    assertThat(cutAfterRevocation(request)).containsExactly(ROLE);
  }

  @Test
  void what_was_issued_in_another_role_of_the_cloud_before_much_else_is_cut_too() {
    var request = made();
    issued(request.id(), EARLIER, 1, "unknown");
    issued(request.id(), ROLE, SOME, "sealed");
    issuance(request);
    assertThat(cutAfterRevocation(request)).containsExactlyInAnyOrder(EARLIER, ROLE);
  }

  @Test
  void what_is_longer_ago_than_any_session_lives_is_not_cut() {
    var request = made();
    issued(request.id(), EARLIER, SOME, "failed");
    issuance(request);
    database.run("UPDATE issued_place SET hour = hour - interval '27 hours'");
    assertThat(cutAfterRevocation(request)).isEmpty();
  }

  @Test
  void what_was_issued_under_a_grant_of_before_the_upgrade_is_cut() {
    var request = made();
    issued(request.id(), EARLIER, SOME, "failed");
    issuance(request);
    madeBefore("10 minutes");
    assertThat(cutAfterRevocation(request)).containsExactly(ROLE);
  }

  @Test
  void a_day_after_the_upgrade_nothing_of_before_it_is_looked_for() throws SQLException {
    var request = made();
    issued(request.id(), ROLE, MANY, "sealed");
    age(request.id(), HOUR.dividedBy(2));
    madeBefore("-26 hours");
    database.run(
        "UPDATE access_request SET made_at = made_at - interval '27 hours' WHERE id = '%s'"
            .formatted(request.id()));
    try (var session = database.asSuperuser()) {
      assertThat(new RowsRead(session).by(revocation(request))).isLessThan(1_000);
    }
  }

  @Test
  void who_issues_again_under_a_grant_writes_no_place_anew() {
    var request = made();
    issuance(request);
    var first = "SELECT min(hour || ' ' || xmin) FROM issued_place";
    var written = database.one(first, String.class);
    for (var again = 0; again < 3; again++) {
      issuance(request);
    }
    assertThat(database.one(first, String.class)).isEqualTo(written);
    assertThat(database.count("(SELECT DISTINCT place FROM issued_place) AS p")).isEqualTo(1);
  }

  @Test
  void what_the_oldest_way_to_write_an_intent_writes_is_cut_as_well() {
    var request = made();
    issued(request.id(), EARLIER, SOME, "failed");
    var outcome =
        """
        SELECT outcome || ' ' || (recorded_at <= clock_timestamp()) || ' ' || (ends_at > now())
          FROM record_intent(gen_random_uuid(), '%s', 1, 'staff', 'alice', '{}', '{}', '{}',
            now() + interval '1 hour', '{"cloud": "aws", "role_arn": "%s"}')
        """
            .formatted(request.id(), ROLE);
    assertThat(database.one(outcome, String.class)).isEqualTo("intent true true");
    assertThat(cutAfterRevocation(request)).containsExactly(ROLE);
  }
}
