package io.daypass.postgres;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.issuance.Answer;
import io.daypass.ledger.IssueRefusal;
import io.daypass.request.RequestId;
import io.daypass.request.RequestIds;
import io.daypass.request.Roles;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that tokens open at the same time share statements and are judged each for itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpeningsTogetherTest {

  private static final int RUNS = 40;

  private final RequestIds ids = new RequestIds();
  private final TestDatabase database = TestDatabase.shared();
  private final Replica one = replica();
  private final Replica other = replica();

  private Replica replica() {
    return new Replica(database, 8, Roles.policies(role("now").automatic().make()), ids);
  }

  @AfterAll
  void close() {
    one.close();
    other.close();
    database.close();
  }

  @BeforeEach
  void empty() {
    database.empty();
  }

  private static Caller run(int number) {
    return TestCallers.machine("repo:acme/shop", "run-" + number).make();
  }

  private static Caller pod(String token) {
    return TestCallers.machine("ns:pod", token).reusable().make();
  }

  private List<Answer> atOnce(List<Caller> callers) {
    var calls = new ArrayList<Callable<Answer>>();
    for (var caller : callers) {
      var replica = calls.size() % 2 == 0 ? one : other;
      calls.add(() -> replica.issue(caller, "now"));
    }
    return Race.of(calls);
  }

  private static List<Caller> runs() {
    var runs = new ArrayList<Caller>();
    for (var i = 0; i < RUNS; i++) {
      runs.add(run(i));
    }
    return runs;
  }

  private long entries(String kind) {
    return database.count("ledger_entry WHERE kind = '" + kind + "'");
  }

  private void nobodyBlockedAnother() {
    assertThat(
            database.count("pg_stat_database WHERE datname = current_database() AND deadlocks > 0"))
        .isZero();
  }

  @Test
  void each_opens_its_own_request_and_several_share_a_commit() {
    var requests = new HashSet<RequestId>();
    for (var answer : atOnce(runs())) {
      assertThat(answer).isInstanceOf(Answer.Issued.class);
      requests.add(((Answer.Issued) answer).request());
    }
    assertThat(requests).hasSize(RUNS);
    assertThat(
            database.count(
                """
                access_request q WHERE q.state = 'approved' AND q.version = 1
                  AND (SELECT array_agg(e.kind ORDER BY e.number) FROM ledger_entry e
                    WHERE e.request_id = q.id)
                  = ARRAY['request_made', 'decided_by_rule', 'intent', 'sealed']
                """))
        .isEqualTo(RUNS);
    assertThat(
            database.count(
                "(SELECT DISTINCT xmin::text FROM ledger_entry"
                    + " WHERE kind = 'intent') AS commits"))
        .isLessThan(RUNS);
  }

  @Test
  void a16_a_token_that_is_shown_often_opens_once_among_others_that_open() {
    var callers = new ArrayList<>(runs());
    for (var i = 0; i < RUNS; i++) {
      callers.set(i, i % 2 == 0 ? callers.get(i) : run(RUNS));
    }
    var answers = atOnce(callers);
    assertThat(answers).filteredOn(a -> a instanceof Answer.Issued).hasSize(RUNS / 2 + 1);
    assertThat(answers)
        .filteredOn(new Answer.Refused(IssueRefusal.TOKEN_ALREADY_USED)::equals)
        .hasSize(RUNS / 2 - 1);
    assertThat(entries("sealed")).isEqualTo(RUNS / 2 + 1);
    // Each refusal is part of the story of the request that the token opened.
    assertThat(
            database.count(
                """
                ledger_entry e JOIN access_request q ON q.id = e.request_id
                  WHERE e.kind = 'refused' AND q.token_key = 'run-%d' AND
                    convert_from(e.canonical, 'UTF8')::jsonb #>> '{detail,code}' = 'token_already_used'
                """
                    .formatted(RUNS)))
        .isEqualTo(RUNS / 2 - 1);
  }

  @Test
  void a_reusable_token_opens_once_and_all_who_show_it_are_issued_under_that() {
    var callers = new ArrayList<Caller>();
    for (var i = 0; i < RUNS; i++) {
      // Each replica meets them in another order.
      callers.add(pod("pod-" + (i % 2 == 0 ? i / 2 % 5 : 4 - i / 2 % 5)));
    }
    assertThat(atOnce(callers)).allMatch(answer -> answer instanceof Answer.Issued);
    assertThat(database.count("access_request")).isEqualTo(5);
    assertThat(entries("sealed")).isEqualTo(RUNS);
    nobodyBlockedAnother();
  }

  @Test
  void a_reusable_token_opens_again_what_time_has_ended_and_not_what_people_have() {
    one.issue(pod("ended"), "now");
    one.issue(pod("revoked"), "now");
    var ended = one.requests.openedBy("ended", "now").orElseThrow();
    database.age(ended.id(), Duration.ofHours(30));
    database.run("UPDATE access_request SET state = 'revoked' WHERE token_key = 'revoked'");
    var answers =
        Race.<Answer>of(
            List.of(
                () -> other.issue(pod("ended"), "now"), () -> other.issue(pod("revoked"), "now")));
    assertThat(answers.getFirst()).isInstanceOf(Answer.Issued.class);
    assertThat(((Answer.Issued) answers.getFirst()).request()).isNotEqualTo(ended.id());
    assertThat(answers.getLast()).isEqualTo(new Answer.Refused(IssueRefusal.GRANT_REVOKED));
  }

  @Test
  void a_stop_stops_all_of_them_and_spends_no_token() {
    database.run("UPDATE broker_state SET stopped = true");
    assertThat(atOnce(runs())).allMatch(new Answer.Refused(IssueRefusal.STOPPED)::equals);
    assertThat(entries("refused")).isEqualTo(RUNS);
    assertThat(database.count("seen_token")).isZero();
    assertThat(database.count("access_request")).isZero();
    database.run("UPDATE broker_state SET stopped = false");
    assertThat(atOnce(runs())).allMatch(answer -> answer instanceof Answer.Issued);
  }

  private static JsonObject opening(String id) {
    return new JsonObject()
        .put("id", id)
        .put("requester", new JsonObject().put("issuer", "ci").put("subject", "repo:acme/shop"))
        .put("role", "now")
        .put("duration_s", 900)
        .put("reason", "because")
        .putNull("ticket")
        .put("rule", "at once")
        .put("lines", new JsonArray())
        .put("policy_digest", "p")
        .put("role_digest", "r")
        .put("digest", "d")
        .put("automatic", true)
        .put("lapse_after_s", 3600)
        .put("open_limit", 3)
        .put("token_key", "token of " + id)
        .put("token_scope", "")
        .put("token_expires_at", "2099-01-01T00:00:00Z");
  }

  private static String together(JsonObject opening) {
    return "SELECT outcome FROM open_and_record_intents(ARRAY['%s'::uuid], ARRAY['%s'], ARRAY['%s'])"
        .formatted(UUID.randomUUID(), opening.encode(), "{\"cloud\": \"aws\"}");
  }

  private static String alone(JsonObject opening) {
    return "SELECT outcome FROM open_and_record_intent('%s', '%s', '%s')"
        .formatted(UUID.randomUUID(), opening.encode(), "{\"cloud\": \"aws\"}");
  }

  private String written(String id) {
    return database.one(
        """
        SELECT jsonb_build_object(
            'request', to_jsonb(q) - '{id,made_at,lapses_at,grant_starts_at,grant_ends_at,token_key}'::text[],
            'lives', q.grant_ends_at - q.grant_starts_at, 'lapses', q.lapses_at - q.made_at,
            'starts', q.grant_starts_at = date_trunc('second', q.made_at),
            'token', (SELECT jsonb_agg(to_jsonb(t) - '{token_key,request_id}'::text[]) FROM seen_token t
              WHERE t.request_id = q.id AND t.token_key = q.token_key),
            'entries', (SELECT jsonb_agg(jsonb_build_object('kind', e.kind, 'role', e.role,
                'caller', e.caller_issuer || ' ' || e.caller_subject, 'issuance', e.issuance IS NOT NULL,
                'said', jsonb_set(c - '{number,at,request,issuance}'::text[], '{detail}',
                  (c -> 'detail') - '{grant_starts_at,grant_ends_at,ends_at}'::text[]),
                'until', coalesce(c #>> '{detail,grant_ends_at}', c #>> '{detail,ends_at}')::timestamptz
                  = q.grant_ends_at) ORDER BY e.number)
              FROM (SELECT *, convert_from(l.canonical, 'UTF8')::jsonb AS c FROM ledger_entry l
                WHERE l.request_id = q.id) AS e))::text
          FROM access_request q WHERE q.id = '%s'
        """
            .formatted(id),
        String.class);
  }

  @Test
  void what_is_opened_together_is_what_is_opened_alone() {
    database.run(alone(opening("alone")));
    database.run(together(opening("together")));
    assertThat(written("together")).isEqualTo(written("alone")).contains("decided_by_rule");
    database.run(alone(opening("alone")));
    database.run(together(opening("together")));
    assertThat(written("together")).isEqualTo(written("alone")).contains("token_already_used");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"automatic\": false}",
        "{\"automatic\": null}",
        "{\"lines\": [{\"from\": \"x\", \"count\": 1}]}",
        "{\"lines\": null}",
        "{\"starts_at\": \"2099-01-01T00:00:00Z\"}",
        "{\"idempotency_key\": \"k\"}",
        "{\"extends\": \"0000000000000001\"}",
        "{\"token_key\": null}"
      })
  void what_needs_more_than_a_rule_and_a_token_is_not_opened_here(String wish) {
    var opening = opening("wish").mergeIn(new JsonObject(wish));
    assertThatThrownBy(() -> database.run(together(opening)))
        .hasCauseInstanceOf(SQLException.class);
    assertThat(database.count("access_request")).isZero();
    assertThat(database.count("seen_token")).isZero();
    assertThat(database.count("ledger_entry")).isZero();
  }

  @Test
  void an_opening_reads_its_own_rows_and_no_others() throws SQLException {
    try (Connection session = database.asSuperuser()) {
      var read = new RowsRead(session);
      read.plan(together(opening("planned")));
      read.run(
          """
          INSERT INTO access_request (id, requester_issuer, requester_subject, requester, role,
            duration_s, reason, rule, lines, policy_digest, role_digest, digest, state, made_at,
            lapses_at, grant_starts_at, grant_ends_at, token_key)
          SELECT lpad(i::text, 16, '0'), 'ci', 'repo:acme/shop', '{}', 'now', 900, '', 'at once', '[]',
              'p', 'r', 'd', 'approved', now(), now(), now(), now() + interval '1 hour', 'old ' || i
            FROM generate_series(1, 20000) AS i;
          INSERT INTO seen_token SELECT token_key, '', id, now() + interval '1 hour'
            FROM access_request WHERE token_key LIKE 'old %'
          """);
      assertThat(read.by(together(opening("among many")))).isLessThan(20);
      // Shown again: what it met is looked up too.
      assertThat(read.by(together(opening("among many")))).isLessThan(20);
    }
  }
}
