package io.daypass.postgres;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.issuance.Answer;
import io.daypass.issuance.Reconciler;
import io.daypass.ledger.IssueRefusal;
import io.daypass.request.AccessRequest;
import io.daypass.request.DeskAnswer;
import io.daypass.request.RequestIds;
import io.daypass.request.Roles;
import io.daypass.request.StoreUnavailableException;
import io.daypass.sandbox.postgres.PostgresSandbox;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that dies, freezes or has nothing left to give. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
// No answer may take longer than this, whatever happens: the bound is the test's, not a speed.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FaultsTest {

  private PostgresSandbox server;
  private TestDatabase database;
  private Replica replica;
  private final RequestIds ids = new RequestIds();
  private final Caller alice = TestCallers.human("alice");
  private final Caller bob = TestCallers.human("bob");

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    server = PostgresSandbox.options().data(folder.resolve("pg")).durable().start();
    database = new TestDatabase(server);
    replica = new Replica(database, 4, Roles.policies(role("now").automatic().make()), ids);
  }

  @AfterAll
  void stop() throws IOException {
    replica.close();
    database.close();
    server.close();
  }

  private long kinds(String kind, AccessRequest request) {
    return database.count(
        "ledger_entry WHERE kind = '%s' AND request_id = '%s'".formatted(kind, request.id()));
  }

  private Answer issueAt(io.daypass.policy.Circumstances now) {
    return replica.issuance.issue(alice, io.daypass.issuance.Errand.to("now"), now);
  }

  @Test
  void f3_f6_a_database_that_is_killed_gives_no_credential_and_comes_back() throws Exception {
    var request = replica.ask(alice, "now", "killed");
    var now = replica.now();
    replica.whileMinting =
        () -> {
          try {
            server.kill();
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    // Between T1 and T2.
    assertThat(issueAt(now)).isEqualTo(new Answer.LedgerUnavailable());
    replica.whileMinting = () -> {};
    var minted = replica.minted.get();
    // Before T1.
    assertThat(issueAt(now)).isEqualTo(new Answer.LedgerUnavailable());
    assertThat(replica.minted.get()).isEqualTo(minted);
    server.restart();
    assertThat(kinds("intent", request)).isEqualTo(1);
    assertThat(kinds("sealed", request)).isZero();
    assertThat(replica.issue(alice, "now")).isInstanceOf(Answer.Issued.class);
    assertThat(new Reconciler(replica.ledger, Duration.ZERO).run()).isEqualTo(1);
    assertThat(kinds("orphaned", request)).isEqualTo(1);
    replica.desk.giveBack(alice, request.id(), "done");
  }

  @Test
  void f7_a_database_that_is_killed_during_the_seal_gives_no_credential() throws Exception {
    var request = replica.ask(alice, "now", "killed in T2");
    var now = replica.now();
    var holder = database.asSuperuser();
    replica.whileMinting =
        () -> {
          try {
            // T2 waits for this row, and the server dies under it.
            holder.setAutoCommit(false);
            holder
                .createStatement()
                .execute(
                    "SELECT 1 FROM access_request WHERE id = '%s' FOR UPDATE"
                        .formatted(request.id()));
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = threads.submit(() -> issueAt(now));
      while (database.count("pg_stat_activity WHERE wait_event_type = 'Lock'") == 0) {
        Thread.sleep(20);
      }
      server.kill();
      assertThat(answer.get()).isEqualTo(new Answer.LedgerUnavailable());
    }
    replica.whileMinting = () -> {};
    server.restart();
    assertThat(kinds("intent", request)).isEqualTo(1);
    assertThat(kinds("sealed", request)).isZero();
    assertThat(replica.issue(alice, "now")).isInstanceOf(Answer.Issued.class);
    replica.desk.giveBack(alice, request.id(), "done");
  }

  @Test
  void f14_a_database_that_freezes_lets_nobody_wait_for_ever() throws Exception {
    var request = replica.ask(alice, "now", "frozen");
    var now = replica.now();
    server.freeze();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var issued = threads.submit(() -> issueAt(now));
      var found = threads.submit(() -> replica.requests.find(request.id()));
      assertThat(issued.get()).isEqualTo(new Answer.LedgerUnavailable());
      assertThatThrownBy(found::get).hasCauseInstanceOf(StoreUnavailableException.class);
    } finally {
      server.thaw();
    }
    assertThat(replica.issue(alice, "now")).isInstanceOf(Answer.Issued.class);
    replica.desk.giveBack(alice, request.id(), "done");
  }

  @Test
  void f9_a_slow_disk_makes_all_wait_and_loses_nobody() throws Exception {
    var request = replica.ask(alice, "now", "slow");
    var now = replica.now();
    var together = 40;
    whileEachWrite(
        "PERFORM pg_sleep(0.4)",
        () -> {
          try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers =
                IntStream.range(0, together).mapToObj(_ -> threads.submit(() -> issueAt(now)));
            for (var answer : answers.toList()) {
              assertThat(answer.get()).isInstanceOf(Answer.Issued.class);
            }
          }
        });
    assertThat(kinds("sealed", request)).isEqualTo(together);
    replica.desk.giveBack(alice, request.id(), "done");
  }

  @Test
  void f9_a_disk_that_is_too_slow_gives_no_credential_and_comes_back() throws Exception {
    var request = replica.ask(alice, "now", "too slow");
    nothingIsMintedButAllIsRead("PERFORM pg_sleep(30)", request);
    assertThat(replica.issue(alice, "now")).isInstanceOf(Answer.Issued.class);
    replica.desk.giveBack(alice, request.id(), "done");
  }

  @Test
  void f12_a_full_disk_gives_no_credential_and_lets_everybody_read() throws Exception {
    var request = replica.ask(alice, "now", "full");
    var now = replica.now();
    var full = "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'";
    // Before T1.
    nothingIsMintedButAllIsRead(full, request);
    replica.whileMinting = () -> eachWrite(full);
    try {
      // Between T1 and T2.
      assertThat(issueAt(now)).isEqualTo(new Answer.LedgerUnavailable());
    } finally {
      replica.whileMinting = () -> {};
      eachWriteAsBefore();
    }
    assertThat(kinds("intent", request)).isEqualTo(1);
    assertThat(kinds("sealed", request)).isZero();
    assertThat(new Reconciler(replica.ledger, Duration.ZERO).run()).isEqualTo(1);
    assertThat(replica.issue(alice, "now")).isInstanceOf(Answer.Issued.class);
    replica.desk.giveBack(alice, request.id(), "done");
  }

  private void nothingIsMintedButAllIsRead(String eachWrite, AccessRequest request)
      throws Exception {
    var now = replica.now();
    var minted = replica.minted.get();
    whileEachWrite(
        eachWrite,
        () -> {
          assertThat(issueAt(now)).isEqualTo(new Answer.LedgerUnavailable());
          assertThat(replica.requests.find(request.id())).isPresent();
        });
    assertThat(replica.minted.get()).isEqualTo(minted);
  }

  private interface Meanwhile {
    void run() throws Exception;
  }

  private void whileEachWrite(String does, Meanwhile meanwhile) throws Exception {
    eachWrite(does);
    try {
      meanwhile.run();
    } finally {
      eachWriteAsBefore();
    }
  }

  private void eachWrite(String does) {
    database.run(
        """
        CREATE FUNCTION daypass.disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          %s;
          RETURN NULL;
        END $$;
        CREATE TRIGGER disk BEFORE INSERT ON daypass.ledger_entry
          FOR EACH STATEMENT EXECUTE FUNCTION daypass.disk();
        """
            .formatted(does));
  }

  private void eachWriteAsBefore() {
    database.run("DROP FUNCTION IF EXISTS daypass.disk() CASCADE");
  }

  @Test
  void f13_when_no_connection_is_left_a_grant_can_still_be_ended() throws Exception {
    var request = replica.ask(alice, "now", "exhausted");
    var now = replica.now();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var before = noConnectionLeft(threads);
      assertThat(issueAt(now)).isEqualTo(new Answer.LedgerUnavailable());
      for (var one : before) {
        one.get();
      }
      var busy = noConnectionLeft(threads);
      // Whoever is neither known nor urgent waits in vain, and takes nothing from who is.
      assertThatThrownBy(() -> replica.requests.find(request.id()))
          .isInstanceOf(StoreUnavailableException.class);
      var ended =
          urgently(
              threads,
              () -> {
                replica.requests.remember(bob.identity(), now.now());
                return replica.desk.revoke(alice, request.id(), "incident", now);
              });
      assertThat(ended).isInstanceOf(DeskAnswer.Done.class);
      assertThat(replica.ledgerStore.isStopped()).isFalse();
      assertThat(busy).anyMatch(b -> !b.isDone());
    }
    assertThat(replica.issue(alice, "now"))
        .isEqualTo(new Answer.Refused(IssueRefusal.GRANT_REVOKED));
  }

  private static <T> T urgently(ExecutorService threads, Callable<T> work) throws Exception {
    var task = new FutureTask<>(work);
    Database.urgently(threads).execute(task);
    return task.get();
  }

  /**
   * Every connection has work for longer than anybody waits for one, and less than its time-out.
   */
  private List<Future<?>> noConnectionLeft(ExecutorService threads) throws Exception {
    var busy = new ArrayList<Future<?>>();
    for (var i = 0; i < 4; i++) {
      busy.add(threads.submit(() -> replica.database.rows("SELECT pg_sleep(4.4)", Tuple.tuple())));
    }
    while (database.count(
            "pg_stat_activity WHERE query LIKE '%pg_sleep(4%' AND state = 'active'"
                + " AND pid <> pg_backend_pid()")
        < 4) {
      Thread.sleep(20);
    }
    return busy;
  }
}
