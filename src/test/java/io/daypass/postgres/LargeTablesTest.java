package io.daypass.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.CallerId;
import io.daypass.ledger.LedgerQuery;
import io.daypass.request.AccessRequest.Status;
import io.daypass.request.RequestId;
import io.daypass.request.RequestStore.Position;
import io.daypass.request.RequestStore.Query;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Lists and the ledger's readers read little more than what they show, however much there is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeTablesTest {

  private static final int MANY = 30_000;
  private static final int FEW = 1_500;
  private static final CallerId ME = new CallerId("staff", "me");
  private static final CallerId NEWCOMER = new CallerId("staff", "newcomer");
  private static final Instant LEDGER_START = Instant.parse("2026-01-01T00:00:00Z");

  private static final String REQUESTS =
      """
      INSERT INTO access_request (id, requester_issuer, requester_subject, requester, role,
        duration_s, reason, rule, lines, policy_digest, role_digest, digest, state, made_at,
        lapses_at, grant_starts_at, grant_ends_at)
      SELECT substr(md5(i::text), 1, 16), 'staff',
          CASE WHEN i % 1100 = 0 THEN 'me' ELSE 'person ' || i % 900 END, '{}',
          CASE WHEN i > 29990 THEN 'rare' ELSE 'role ' || i % 50 END,
          3600, 'because', 'rule', '[]', 'p', 'r', 'd', state, now() - i / 2 * interval '1 minute',
          now() + CASE WHEN n = 0 THEN interval '1 day' ELSE interval '-1 day' END,
          now() - interval '10 days',
          now() + CASE WHEN n = 6 THEN interval '1 day' ELSE interval '-1 day' END
        FROM (SELECT i, n, coalesce((ARRAY['pending', 'pending', 'denied', 'cancelled', 'returned',
              'revoked', 'approved'])[n + 1], 'approved') AS state
            FROM (SELECT i, CASE WHEN i % 100 = 0 THEN i / 100 % 7 ELSE 9 END AS n
              FROM generate_series(1, 30000) AS i) AS numbered) AS stated
      """;
  private static final String VOTES =
      """
      INSERT INTO person (issuer, subject, identity, token_issued_at)
      SELECT 'staff', s, '{}', now() FROM (SELECT 'approver ' || generate_series(0, 49) AS s
        UNION SELECT 'me') AS people;
      INSERT INTO approval
      SELECT substr(md5(i::text), 1, 16), 'staff',
          CASE WHEN i % 1300 = 0 THEN 'me' ELSE 'approver ' || i / 10 % 50 END,
          'approve', NULL, NULL, 'd', now()
        FROM generate_series(1, 30000) AS i WHERE i % 1300 = 0 OR i % 10 = 3
      """;
  private static final String LEDGER =
      """
      INSERT INTO ledger_entry
      SELECT 5000 + i * 3, '2026-01-01T00:00:00Z'::timestamptz + i * interval '1 second' + i % 7 * interval '5 seconds',
          CASE WHEN i % 7000 = 5 THEN 'denied' ELSE
            (ARRAY['request_made', 'decided_by_rule', 'intent', 'sealed'])[i % 4 + 1] END,
          NULL, md5((i / 4)::text)::uuid,
          CASE WHEN i % 7000 = 10 THEN 'rare' ELSE 'role ' || i % 50 END,
          'staff', 'person ' || i % 900, '{}', sha256('{}')
        FROM generate_series(1, 30000) AS i
      """;

  private final TestDatabase database = TestDatabase.shared();
  private Connection session;

  /** A statement and what it is asked with. */
  private record Sql(String text, Tuple parameters) {

    static Sql of(Query query) {
      var page = new PageQuery(query);
      return new Sql(page.text(), page.parameters());
    }

    String execution() {
      return parameters.size() == 0
          ? "EXECUTE page"
          : IntStream.range(0, parameters.size())
              .mapToObj(i -> "'" + parameters.getValue(i).toString().replace("'", "''") + "'")
              .collect(Collectors.joining(", ", "EXECUTE page (", ")"));
    }
  }

  @BeforeAll
  void fill() throws SQLException {
    session = database.asSuperuser();
    run(REQUESTS);
    run(VOTES);
    run(LEDGER);
    run("ANALYZE");
  }

  @AfterAll
  void close() throws SQLException {
    session.close();
    database.close();
  }

  private void run(String sql) throws SQLException {
    try (var statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> column(String sql) throws SQLException {
    try (var statement = session.createStatement();
        var rows = statement.executeQuery(sql)) {
      var values = new ArrayList<String>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  private List<String> rows(Sql sql) throws SQLException {
    run("PREPARE page AS " + sql.text());
    try {
      return column(sql.execution());
    } finally {
      run("DEALLOCATE page");
    }
  }

  /** Whether planned for what is asked or for anything, {@code sql} reads few rows. */
  private void readsFew(Sql sql) throws SQLException {
    for (var mode : List.of("force_custom_plan", "force_generic_plan")) {
      run("SET plan_cache_mode = " + mode);
      run("PREPARE page AS " + sql.text());
      try {
        var plan =
            String.join(
                "", column("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + sql.execution()));
        assertThat(read(new JsonArray(plan).getJsonObject(0).getJsonObject("Plan")))
            .as(mode + " " + sql + " " + plan)
            .isLessThan(FEW);
      } finally {
        run("DEALLOCATE page");
        run("RESET plan_cache_mode");
      }
    }
  }

  // Rows that scans gave and rows they left out.
  private static double read(JsonObject node) {
    var rows = 0.0;
    if (node.containsKey("Relation Name") || node.containsKey("Index Name")) {
      for (var count :
          List.of("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")) {
        rows += node.getDouble(count, 0.0) * node.getDouble("Actual Loops");
      }
    }
    for (var child : node.getJsonArray("Plans", new JsonArray())) {
      rows += read((JsonObject) child);
    }
    return rows;
  }

  private static Query list(
      @Nullable CallerId involving, @Nullable String role, @Nullable Status status) {
    return new Query(null, involving, role, status, null, 200);
  }

  @Test
  void what_involves_somebody_is_found_without_reading_what_does_not() throws SQLException {
    for (var caller : List.of(ME, NEWCOMER)) {
      readsFew(Sql.of(list(caller, null, null)));
      readsFew(Sql.of(list(caller, "rare", null)));
      for (var status : Status.values()) {
        readsFew(Sql.of(list(caller, null, status)));
        readsFew(Sql.of(new Query(caller, caller, null, status, null, 200)));
      }
    }
  }

  @Test
  void what_is_rare_is_found_without_reading_what_is_not() throws SQLException {
    readsFew(Sql.of(list(null, null, null)));
    readsFew(Sql.of(list(null, "rare", null)));
    readsFew(Sql.of(list(null, "none", null)));
    for (var status : Status.values()) {
      readsFew(Sql.of(list(null, null, status)));
    }
    for (var starts : List.of("abc", "ab", "zz", "%%", "__", "0123456789abcdef")) {
      readsFew(Sql.of(new Query(null, null, null, null, starts, null, 200)));
      readsFew(Sql.of(new Query(null, ME, null, null, starts, null, 200)));
    }
  }

  @Test
  void every_page_has_what_one_condition_for_all_would_have() throws SQLException {
    var middle =
        column("SELECT id FROM access_request ORDER BY made_at DESC, id LIMIT 1 OFFSET 9000");
    var madeAt =
        database
            .one(
                "SELECT made_at FROM access_request WHERE id = '" + middle.getFirst() + "'",
                OffsetDateTime.class)
            .toInstant();
    var cursor = new Position(madeAt, new RequestId(middle.getFirst()));
    for (var status : Status.values()) {
      same(status, null);
      same(status, cursor);
    }
    same(null, null);
    same(null, cursor);
  }

  private void same(@Nullable Status status, @Nullable Position before) throws SQLException {
    for (var starts : List.of("", "a", "cf", "a%", "\\_", "'")) {
      same(new Query(null, ME, null, status, starts, before, 50));
    }
    same(new Query(ME, ME, null, status, null, before, 7));
    same(new Query(null, ME, null, status, null, before, 7));
    same(new Query(null, ME, "role 0", status, null, before, 7));
    same(new Query(null, null, null, status, "3f", before, 7));
  }

  private void same(Query query) throws SQLException {
    assertThat(rows(Sql.of(query))).as("%s", query).isEqualTo(rows(byOneCondition(query)));
  }

  private static Sql byOneCondition(Query query) {
    var requester = query.requester();
    var before = query.before();
    var status = query.status();
    var sql =
        """
        SELECT r.id FROM access_request r
        WHERE (%s OR (r.requester_issuer, r.requester_subject) = ('staff', 'me') OR %s
            OR EXISTS (SELECT 1 FROM approval v WHERE v.request_id = r.id
              AND v.approver_subject = 'me'))
          AND %s AND %s AND %s AND %s AND %s ORDER BY r.made_at DESC, r.id DESC LIMIT %d
        """
            .formatted(
                query.involving() == null,
                "(r.state = 'pending' AND r.lapses_at > now())",
                requester == null ? "true" : "r.requester_subject = 'me'",
                query.role() == null ? "true" : "r.role = '" + query.role() + "'",
                query.idStarts() == null
                    ? "true"
                    : "starts_with(r.id, '" + query.idStarts().replace("'", "''") + "')",
                before == null
                    ? "true"
                    : "(r.made_at, r.id) < ('%s', '%s')".formatted(before.madeAt(), before.id()),
                status == null ? "true" : condition(status),
                query.limit());
    return new Sql(sql, Tuple.tuple());
  }

  private static String condition(Status status) {
    return switch (status) {
      case PENDING -> "r.state = 'pending' AND r.lapses_at > now()";
      case LAPSED -> "r.state = 'pending' AND r.lapses_at <= now()";
      case APPROVED -> "r.state = 'approved' AND r.grant_ends_at > now()";
      case ENDED -> "r.state = 'approved' AND r.grant_ends_at <= now()";
      case DENIED, CANCELLED, RETURNED, REVOKED ->
          "r.state = '" + status.name().toLowerCase(Locale.ROOT) + "'";
    };
  }

  private Sql ledger(
      @Nullable Instant since,
      @Nullable String role,
      @Nullable String kind,
      LedgerQuery.Order order)
      throws SQLException {
    var query = new LedgerQuery(since, role, null, kind, null, order, order.start(), 200);
    var page = new LedgerPageQuery(query, 1_000_000, since == null ? 0 : begins(since));
    return new Sql(page.text(), page.parameters());
  }

  private long begins(Instant since) throws SQLException {
    return Long.parseLong(column("SELECT ledger_begins('" + since + "')").getFirst());
  }

  @Test
  void entries_of_a_rare_kind_or_role_are_found_without_reading_the_others() throws SQLException {
    for (var order : LedgerQuery.Order.values()) {
      for (var kind : List.of("denied", "stop", "no such kind")) {
        readsFew(ledger(null, null, kind, order));
      }
      readsFew(ledger(null, "rare", null, order));
      readsFew(ledger(null, "rare", "intent", order));
      readsFew(ledger(null, "none", "sealed", order));
    }
  }

  @Test
  void pages_of_a_role_end_and_begin_where_all_others_do() throws SQLException {
    var since = LEDGER_START.plusSeconds(MANY / 2);
    var middle = 5000L + 3 * 20_020;
    var condition =
        "role = 'role 20' AND kind = 'request_made' AND written_at >= '" + since + "' AND number ";
    var oldest = LedgerQuery.Order.OLDEST_FIRST;
    var newest = LedgerQuery.Order.NEWEST_FIRST;
    for (var beyond : List.of(0L, middle - 1, middle, middle + 1, Long.MAX_VALUE)) {
      assertThat(
              numbers(
                  new LedgerQuery(since, "role 20", null, "request_made", null, oldest, beyond, 9)))
          .isEqualTo(numbers(condition + "> " + beyond + " AND number <= 80000 ORDER BY number"));
      assertThat(
              numbers(
                  new LedgerQuery(since, "role 20", null, "request_made", null, newest, beyond, 9)))
          .isEqualTo(
              numbers(condition + "< " + beyond + " AND number <= 80000 ORDER BY number DESC"));
    }
  }

  private List<String> numbers(LedgerQuery query) throws SQLException {
    var page = new LedgerPageQuery(query, 80_000, begins(LEDGER_START.plusSeconds(MANY / 2)));
    return rows(new Sql(page.text(), page.parameters()));
  }

  private List<String> numbers(String condition) throws SQLException {
    return column("SELECT number FROM ledger_entry WHERE " + condition + " LIMIT 9");
  }

  @Test
  void entries_since_a_time_are_found_without_reading_those_before() throws SQLException {
    for (var order : LedgerQuery.Order.values()) {
      for (var seconds : List.of(-100, 100, MANY / 2, MANY - 100, MANY + 900)) {
        var since = LEDGER_START.plusSeconds(seconds);
        readsFew(ledger(since, null, null, order));
        readsFew(ledger(since, null, "denied", order));
      }
    }
    var end = LEDGER_START.plusSeconds(MANY - 100);
    var last = ledger(end, null, null, LedgerQuery.Order.NEWEST_FIRST);
    assertThat(rows(last)).hasSizeBetween(1, 199);
  }

  @Test
  void a_time_begins_before_all_that_was_written_since() throws SQLException {
    for (var seconds = -200; seconds < MANY + 400; seconds += 997) {
      var since = LEDGER_START.plusSeconds(seconds);
      var from = begins(since);
      var at = since.atOffset(ZoneOffset.UTC);
      assertThat(
              database.count("ledger_entry WHERE written_at >= '" + at + "' AND number < " + from))
          .as("%s", since)
          .isZero();
      assertThat(
              database.count("ledger_entry WHERE written_at < '" + at + "' AND number >= " + from))
          .as("%s", since)
          .isLessThan(100);
    }
  }

  @Test
  void where_a_time_begins_is_found_by_looking_at_few_entries() throws SQLException {
    var before = fetched();
    begins(LEDGER_START.plusSeconds(12_345));
    assertThat(fetched() - before).isLessThan(60);
  }

  private long fetched() throws SQLException {
    run("SELECT pg_stat_force_next_flush()");
    return Long.parseLong(
        column(
                "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)"
                    + " FROM pg_stat_user_tables WHERE relname = 'ledger_entry'")
            .getFirst());
  }
}
