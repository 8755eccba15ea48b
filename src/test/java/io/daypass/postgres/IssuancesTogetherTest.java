package io.daypass.postgres;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.issuance.Answer;
import io.daypass.ledger.IssueRefusal;
import io.daypass.request.AccessRequest;
import io.daypass.request.RequestIds;
import io.daypass.request.Roles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Issuances that share statements are judged each for itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IssuancesTogetherTest {

  private static final int CALLERS = 40;

  private final TestDatabase database = TestDatabase.shared();
  private final Replica replica =
      new Replica(
          database,
          8,
          Roles.policies(
              role("now").automatic().make(), role("asked").approvedBy(Roles.one("leads")).make()),
          new RequestIds());
  private Caller bob = TestCallers.human("bob", "leads");
  private Caller admin = TestCallers.human("pat", "platform");

  @AfterAll
  void close() {
    replica.close();
    database.close();
  }

  @BeforeEach
  void empty() {
    database.empty();
    bob = signedInNow("bob", "leads");
    admin = signedInNow("pat", "platform");
    replica.requests.remember(bob.identity(), bob.token().issuedAt());
    replica.requests.remember(admin.identity(), admin.token().issuedAt());
  }

  private Caller signedInNow(String subject, String... groups) {
    var now = database.now();
    return TestCallers.person(subject).groups(groups).issuedAt(now).signedInAt(now).make();
  }

  private record Holder(Caller caller, AccessRequest request) {}

  private List<Holder> holders(String role) {
    var holders = new ArrayList<Holder>();
    for (var i = 0; i < CALLERS; i++) {
      var caller = TestCallers.human("caller-" + i);
      holders.add(new Holder(caller, replica.ask(caller, role, "work")));
    }
    return holders;
  }

  private List<Answer> atOnce(List<Holder> holders, String role)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Callable<Answer>>();
      holders.forEach(holder -> calls.add(() -> replica.issue(holder.caller(), role)));
      var answers = new ArrayList<Answer>();
      for (var answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private long entries(String kind) {
    return database.count("ledger_entry WHERE kind = '" + kind + "'");
  }

  @Test
  void each_is_sealed_under_its_own_grant() throws Exception {
    var holders = holders("now");
    var answers = atOnce(holders, "now");
    for (var i = 0; i < CALLERS; i++) {
      assertThat(answers.get(i)).isInstanceOf(Answer.Issued.class);
      var issued = (Answer.Issued) answers.get(i);
      assertThat(issued.request()).isEqualTo(holders.get(i).request().id());
      assertThat(
              database.count(
                  "ledger_entry WHERE kind = 'sealed' AND issuance = '%s' AND request_id = '%s'"
                          .formatted(issued.issuance(), issued.request())
                      + " AND caller_subject = 'caller-%d'".formatted(i)))
          .isEqualTo(1);
    }
    assertThat(entries("intent")).isEqualTo(CALLERS);
    assertThat(entries("sealed")).isEqualTo(CALLERS);
  }

  @Test
  void what_is_written_together_is_written_in_the_same_bytes_as_alone() throws Exception {
    atOnce(holders("now"), "now");
    assertThat(
            database.count(
                """
                ledger_entry WHERE sha256 <> sha256(canonical) OR canonical <> entry_bytes(
                  number, written_at, kind, request_id, issuance, role, caller_issuer,
                  caller_subject, (convert_from(canonical, 'UTF8')::jsonb -> 'detail'))
                """))
        .isZero();
  }

  @Test
  void one_whose_grant_was_revoked_gets_nothing_among_others_who_do() throws Exception {
    var holders = holders("now");
    for (var i = 0; i < CALLERS; i += 4) {
      replica.revoke(admin, holders.get(i).request().id());
    }
    var answers = atOnce(holders, "now");
    for (var i = 0; i < CALLERS; i++) {
      assertThat(answers.get(i))
          .isInstanceOf(i % 4 == 0 ? Answer.Refused.class : Answer.Issued.class);
    }
    assertThat(entries("sealed")).isEqualTo(CALLERS - CALLERS / 4);
  }

  @Test
  void revoked_while_all_of_them_mint_one_is_withdrawn_and_the_others_are_not() throws Exception {
    var holders = holders("now");
    var victim = holders.get(7);
    var allMint = new CyclicBarrier(CALLERS, () -> replica.revoke(admin, victim.request().id()));
    replica.whileMinting = () -> await(allMint);
    List<Answer> answers;
    try {
      answers = atOnce(holders, "now");
    } finally {
      replica.whileMinting = () -> {};
    }
    for (var i = 0; i < CALLERS; i++) {
      if (i == 7) {
        assertThat(answers.get(i)).isEqualTo(new Answer.Refused(IssueRefusal.GRANT_REVOKED));
      } else {
        assertThat(answers.get(i)).isInstanceOf(Answer.Issued.class);
      }
    }
    assertThat(
            database.count(
                "ledger_entry WHERE kind = 'sealed' AND request_id = '%s'"
                    .formatted(victim.request().id())))
        .isZero();
  }

  @Test
  void an_approver_who_lost_their_office_counts_for_none_of_them() throws Exception {
    var holders = holders("asked");
    for (var holder : holders) {
      replica.approve(bob, holder.request().id());
    }
    assertThat(atOnce(holders, "asked")).allMatch(answer -> answer instanceof Answer.Issued);
    replica.requests.remember(signedInNow("bob").identity(), database.now().plusSeconds(1));
    assertThat(atOnce(holders, "asked")).noneMatch(answer -> answer instanceof Answer.Issued);
    assertThat(entries("sealed")).isEqualTo(CALLERS);
  }

  @Test
  void a_stop_stops_all_of_them() throws Exception {
    var holders = holders("now");
    database.run("UPDATE broker_state SET stopped = true");
    assertThat(atOnce(holders, "now"))
        .allMatch(answer -> answer.equals(new Answer.Refused(IssueRefusal.STOPPED)));
    assertThat(entries("intent")).isZero();
    assertThat(entries("refused")).isEqualTo(CALLERS);
  }
}
