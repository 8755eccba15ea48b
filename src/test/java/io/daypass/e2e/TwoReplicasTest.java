package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two replicas on one database behave as one (P10), a hundred times each. */
class TwoReplicasTest {

  private static final int ROUNDS = 100;

  private static World world;
  private static Api a;
  private static Api b;

  @BeforeAll
  static void start() throws Exception {
    world = World.busy("info");
    a = world.replica().awaitReady().api();
    b = world.replica().awaitReady().api();
    b.get("/v1/me", world.person("bob")).is(200);
    b.get("/v1/me", world.person("carol")).is(200);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static List<String> requests(String role, String what) {
    var alice = world.person("alice");
    var ids = new ArrayList<CompletableFuture<Api.Answer>>();
    for (int i = 0; i < ROUNDS; i++) {
      ids.add(
          (i % 2 == 0 ? a : b)
              .postLater(
                  "/v1/requests",
                  alice,
                  "role",
                  role,
                  "duration",
                  "1h",
                  "reason",
                  what + " " + i,
                  "ticket",
                  "OPS-1"));
      // One requester's are opened one after the other: all at once would wait for a connection
      // longer than they may.
      if (i % 10 == 9) {
        Api.wait(ids.getLast());
      }
    }
    return ids.stream().map(id -> Api.wait(id).is(201).text("id")).toList();
  }

  private static List<Integer> statuses(List<CompletableFuture<Api.Answer>> answers) {
    return answers.stream().map(answer -> Api.wait(answer).status()).sorted().toList();
  }

  @Test
  void an_approval_given_on_both_at_once_is_counted_once_and_the_threshold_is_reached_once()
      throws Exception {
    var bob = world.person("bob");
    var carol = world.person("carol");
    for (var id : requests("prod-admin", "double")) {
      var twice = List.of(a.onLater(id, "approve", bob), b.onLater(id, "approve", bob));
      var other = a.onLater(id, "approve", carol);
      assertThat(statuses(twice)).as("bob, twice").isEqualTo(List.of(200, 409));
      Api.wait(other).is(200);
      var now = b.get("/v1/requests/" + id, bob).is(200);
      assertThat(now.text("state")).isEqualTo("approved");
      assertThat(now.list("approvals")).hasSize(2);
    }
    assertThat(
            world.records.texts(
                """
                SELECT request_id FROM daypass.ledger_entry WHERE kind = 'approved'
                  AND role = 'prod-admin' GROUP BY request_id
                  HAVING count(*) <> 2 OR count(*) FILTER (WHERE
                    (convert_from(canonical, 'UTF8')::jsonb #>> '{detail,completes}')::boolean) <> 1
                """))
        .as("requests without exactly two approvals of which one completes")
        .isEmpty();
  }

  @Test
  void an_approval_and_a_cancellation_or_revocation_at_once_leave_one_truth() {
    var alice = world.person("alice");
    var bob = world.person("bob");
    var ids = requests("prod-readonly", "race");
    for (int i = 0; i < ids.size(); i++) {
      var id = ids.get(i);
      var verb = i % 2 == 0 ? "cancel" : "revoke";
      var yes = (i % 4 < 2 ? a : b).onLater(id, "approve", bob);
      var no = (i % 4 < 2 ? b : a).onLater(id, verb, alice, "reason", "no longer needed");
      var approved = Api.wait(yes).status();
      var ended = Api.wait(no).status();
      assertThat(approved).isIn(200, 409);
      var state = a.get("/v1/requests/" + id, alice).text("state");
      if (verb.equals("revoke")) {
        assertThat(ended).as("a revocation wins").isEqualTo(200);
        assertThat(state).isEqualTo("revoked");
      } else {
        assertThat(List.of(approved, ended)).containsExactlyInAnyOrder(200, 409);
        assertThat(state).isEqualTo(approved == 200 ? "approved" : "cancelled");
      }
    }
    for (var left : a.get("/v1/requests?mine=true&state=approved", alice).list("requests")) {
      a.on(left.getString("id"), "return", alice).is(200);
    }
  }

  @Test
  void a_token_shown_to_both_at_once_opens_one_request() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      var run = world.run();
      var answers =
          List.of(a.credentialsLater("ci-deploy", run), b.credentialsLater("ci-deploy", run));
      assertThat(statuses(answers)).isEqualTo(List.of(200, 403));
      for (var answer : answers) {
        if (Api.wait(answer).status() == 403) {
          Api.wait(answer).is(403, "token_already_used");
        }
      }
    }
    assertThat(
            world.records.count(
                "SELECT count(*) FROM daypass.ledger_entry"
                    + " WHERE kind = 'sealed' AND role = 'ci-deploy'"))
        .isEqualTo(ROUNDS);
  }

  @Test
  void p5_after_a_revocation_is_acknowledged_no_replica_issues() throws Exception {
    var pat = world.person("pat");
    var afterwards = new AtomicInteger();
    for (int i = 0; i < ROUNDS; i++) {
      var pod = world.pod();
      var id = a.credentials("worker", pod).is(200).header("Daypass-Request");
      var acknowledged = new AtomicBoolean();
      var takers = new ArrayList<CompletableFuture<Void>>();
      for (var api : List.of(a, b)) {
        takers.add(
            CompletableFuture.runAsync(
                () -> take(api, pod, acknowledged, afterwards), Thread::startVirtualThread));
      }
      (i % 2 == 0 ? a : b).on(id, "revoke", pat, "reason", "test").is(200);
      acknowledged.set(true);
      (i % 2 == 0 ? b : a).credentials("worker", pod).is(403, "grant_revoked");
      takers.forEach(CompletableFuture::join);
    }
    assertThat(afterwards).as("issuances asked for after the acknowledgement").hasValue(0);
    assertThat(
            world.records.texts(
                """
                SELECT s.number::text FROM daypass.ledger_entry s
                  JOIN daypass.ledger_entry r ON r.request_id = s.request_id AND r.kind = 'revoked'
                  WHERE s.kind IN ('intent', 'sealed') AND s.number > r.number
                """))
        .as("intents and seals that the ledger has after the revocation")
        .isEmpty();
    assertThat(world.records.openIntents()).isEmpty();
  }

  @Test
  void p5_a_revocation_while_the_cloud_answers_another_replica_takes_the_credential_back()
      throws Exception {
    var pod = world.pod();
    var id = a.credentials("worker", pod).is(200).header("Daypass-Request");
    var hold = world.gate.holdAnswers();
    try {
      var inFlight = a.credentialsLater("worker", pod);
      hold.awaitCall();
      b.on(id, "revoke", world.person("pat"), "reason", "test").is(200);
      hold.open();
      Api.wait(inFlight).is(403, "grant_revoked");
    } finally {
      world.gate.openAll();
    }
    // The cloud made a session that nobody was given; the ledger says that it may exist.
    assertThat(world.records.kinds(id))
        .endsWith("intent", "sealed", "intent", "revoked", "unknown");
  }

  @Test
  void a_stop_acknowledged_by_one_is_a_stop_of_both() throws Exception {
    var pod = world.pod();
    a.credentials("worker", pod).is(200);
    var pat = world.person("pat");
    var hold = world.gate.holdAnswers();
    try {
      var inFlight = b.credentialsLater("worker", pod);
      hold.awaitCall();
      a.post("/v1/stop", pat, "reason", "test").is(200);
      hold.open();
      Api.wait(inFlight).is(503, "stopped");
      b.credentials("worker", pod).is(503, "stopped");
      b.credentials("ci-deploy", world.run()).is(503, "stopped");
    } finally {
      world.gate.openAll();
      b.post("/v1/resume", pat).is(200);
    }
    a.credentials("worker", pod).is(200);
  }

  /** Takes credentials until it is refused. */
  private static void take(Api api, String pod, AtomicBoolean acknowledged, AtomicInteger late) {
    while (true) {
      boolean after = acknowledged.get();
      var answer = api.credentials("worker", pod);
      if (answer.status() != 200) {
        answer.is(403, "grant_revoked");
        return;
      }
      if (after) {
        late.incrementAndGet();
      }
    }
  }

  @Test
  void f13_access_is_ended_also_by_somebody_new_here_when_no_connection_is_left() throws Exception {
    var held = world.approved(a, "1h", "to be ended");
    try (var lock = world.records.superuser();
        var statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      // Whoever opens a request waits for others that they open.
      statement.execute("SELECT pg_advisory_xact_lock(6022, hashtext('staff dave'))");
      var busy = new ArrayList<CompletableFuture<Api.Answer>>();
      var dave = world.person("dave");
      for (var i = 0; i < 20; i++) {
        busy.add(
            a.postLater(
                "/v1/requests",
                dave,
                "role",
                "prod-admin",
                "duration",
                "1h",
                "reason",
                "no " + i,
                "ticket",
                "OPS-1"));
      }
      Until.holds(
          "all connections have work",
          () -> world.records.count("SELECT count(*) FROM pg_locks WHERE NOT granted") >= 16);
      // A token that this replica has not seen.
      var pat = world.person("pat");
      a.on(held, "revoke", pat, "reason", "an incident").is(200);
      assertThat(busy).noneMatch(CompletableFuture::isDone);
      lock.rollback();
      busy.forEach(Api::wait);
    }
  }
}
