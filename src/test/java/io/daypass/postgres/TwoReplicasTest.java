package io.daypass.postgres;

import static io.daypass.request.Roles.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Caller;
import io.daypass.identity.TestCallers;
import io.daypass.issuance.Answer;
import io.daypass.ledger.Entry;
import io.daypass.ledger.EntryKind;
import io.daypass.ledger.IssueRefusal;
import io.daypass.policy.Wish;
import io.daypass.request.AccessRequest;
import io.daypass.request.AccessRequest.State;
import io.daypass.request.Asking;
import io.daypass.request.DeskAnswer;
import io.daypass.request.RequestIds;
import io.daypass.request.Roles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** P10: two replicas on one database behave as one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoReplicasTest {

  private static final int ROUNDS = 100;

  private final RequestIds ids = new RequestIds();
  private final TestDatabase database = TestDatabase.shared();
  private final Replica one = replica();
  private final Replica other = replica();
  private final Caller alice = TestCallers.human("alice");
  private Caller bob = TestCallers.human("bob", "leads");
  private Caller carol = TestCallers.human("carol", "leads");
  private Caller admin = TestCallers.human("pat", "platform");

  private Replica replica() {
    return new Replica(
        database,
        8,
        Roles.policies(
            role("now").automatic().make(),
            role("asked").approvedBy(Roles.one("leads")).make(),
            role("asked-two").approvedBy(Roles.of(2, "leads")).make()),
        ids);
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
    bob = signedInNow("bob", "leads");
    carol = signedInNow("carol", "leads");
    admin = signedInNow("pat", "platform");
    // An approver is known from their token's arrival, also where a replica has seen it before.
    for (var person : List.of(bob, carol, admin)) {
      one.requests.remember(person.identity(), person.token().issuedAt());
    }
  }

  private Caller signedInNow(String subject, String... groups) {
    var now = database.now();
    return TestCallers.person(subject).groups(groups).issuedAt(now).signedInAt(now).make();
  }

  private AccessRequest read(AccessRequest request) {
    return one.requests.find(request.id()).orElseThrow();
  }

  private long entries(String kind, AccessRequest request) {
    return database.count(
        "ledger_entry WHERE kind = '%s' AND request_id = '%s'".formatted(kind, request.id()));
  }

  @Test
  void c5_f35_one_threshold_is_reached_once() {
    for (var round = 0; round < ROUNDS; round++) {
      var request = one.ask(alice, "asked-two", "round " + round);
      var answers =
          Race.<DeskAnswer>of(
              () -> one.approve(bob, request.id()), () -> other.approve(carol, request.id()));
      assertThat(answers).allMatch(a -> a instanceof DeskAnswer.Done);
      var read = read(request);
      assertThat(read.state()).isEqualTo(State.APPROVED);
      assertThat(read.approvals()).hasSize(2);
      assertThat(read.version()).isEqualTo(3);
      assertThat(
              database.count(
                  "ledger_entry WHERE request_id = '%s' AND kind = 'approved'".formatted(read.id())
                      + " AND convert_from(canonical, 'UTF8') LIKE '%\"completes\": true%'"))
          .isEqualTo(1);
    }
  }

  @Test
  void c5_f35_one_persons_approval_counts_once() {
    for (var round = 0; round < ROUNDS; round++) {
      var request = one.ask(alice, "asked-two", "round " + round);
      var answers =
          Race.<DeskAnswer>of(
              () -> one.approve(bob, request.id()), () -> other.approve(bob, request.id()));
      assertThat(answers).filteredOn(a -> a instanceof DeskAnswer.Done).hasSize(1);
      assertThat(read(request).state()).isEqualTo(State.PENDING);
      assertThat(entries("approved", request)).isEqualTo(1);
      one.desk.cancel(alice, request.id(), "enough");
    }
  }

  @Test
  void c6_approval_and_cancellation_have_one_winner() {
    for (var round = 0; round < ROUNDS; round++) {
      var request = one.ask(alice, "asked", "round " + round);
      var answers =
          Race.<DeskAnswer>of(
              () -> one.approve(bob, request.id()),
              () -> other.desk.cancel(alice, request.id(), "changed my mind"));
      assertThat(answers).filteredOn(a -> a instanceof DeskAnswer.Done).hasSize(1);
      assertThat(entries("approved", request) + entries("cancelled", request)).isEqualTo(1);
    }
  }

  @Test
  void c6_revocation_wins_against_approval() {
    for (var round = 0; round < ROUNDS; round++) {
      var request = one.ask(alice, "asked", "round " + round);
      Race.<DeskAnswer>of(
          () -> one.approve(bob, request.id()), () -> other.revoke(admin, request.id()));
      assertThat(read(request).state()).isEqualTo(State.REVOKED);
      assertThat(one.issue(alice, "asked")).isInstanceOf(Answer.Refused.class);
    }
  }

  @Test
  void a16_f35_a_replayed_single_use_token_opens_once() {
    for (var round = 0; round < ROUNDS; round++) {
      var job = TestCallers.machine("repo:acme/shop", "jti-" + round).make();
      var answers = Race.<Answer>of(() -> one.issue(job, "now"), () -> other.issue(job, "now"));
      assertThat(answers).filteredOn(a -> a instanceof Answer.Issued).hasSize(1);
      assertThat(answers).contains(new Answer.Refused(IssueRefusal.TOKEN_ALREADY_USED));
    }
    assertThat(database.count("access_request")).isEqualTo(ROUNDS);
    assertThat(database.count("ledger_entry WHERE kind = 'sealed'")).isEqualTo(ROUNDS);
  }

  @Test
  void uses_of_a_reusable_token_fall_under_one_grant() {
    for (var round = 0; round < 20; round++) {
      var pod = TestCallers.machine("ns:pod", "pod-" + round).reusable().make();
      var runners = new ArrayList<Callable<Answer>>();
      for (var use = 0; use < 10; use++) {
        var replica = use % 2 == 0 ? one : other;
        runners.add(() -> replica.issue(pod, "now"));
      }
      assertThat(Race.of(runners)).allMatch(a -> a instanceof Answer.Issued);
      var request = one.requests.openedBy("pod-" + round, "now").orElseThrow();
      assertThat(entries("request_made", request)).isEqualTo(1);
      assertThat(entries("intent", request)).isEqualTo(10);
      assertThat(entries("sealed", request)).isEqualTo(10);
    }
    assertThat(database.count("access_request")).isEqualTo(20);
  }

  @Test
  void a_reusable_token_that_comes_back_while_its_request_waits_is_handed_a_poll_token_again() {
    var pod = TestCallers.machine("ns:pod", "waiting-pod").reusable().make();
    var first = one.issue(pod, "asked");
    var again = other.issue(pod, "asked");
    assertThat(first).isInstanceOf(Answer.Pending.class);
    assertThat(again).isInstanceOf(Answer.Pending.class);
    if (first instanceof Answer.Pending(var request, var token)
        && again instanceof Answer.Pending(var same, var another)) {
      assertThat(same.id()).isEqualTo(request.id());
      assertThat(token).isNotNull();
      assertThat(another).isNotNull();
      assertThat(another.sha256()).isNotEqualTo(token.sha256());
      assertThat(database.count("poll_token")).isEqualTo(2);
    }
  }

  @Test
  void p5_f37_nothing_is_sealed_after_a_revocation_is_acknowledged() {
    for (var round = 0; round < ROUNDS; round++) {
      var request = one.ask(alice, "now", "round " + round);
      var runners = new ArrayList<Callable<Object>>();
      runners.add(() -> other.revoke(admin, request.id()));
      for (var i = 0; i < 4; i++) {
        var replica = i % 2 == 0 ? one : other;
        runners.add(() -> replica.issue(alice, "now"));
      }
      var answers = Race.of(runners);
      assertThat(answers.getFirst()).isInstanceOf(DeskAnswer.Done.class);
      var handedOut = answers.stream().filter(a -> a instanceof Answer.Issued).count();
      var revoked = number("revoked", request);
      assertThat(entries("sealed", request)).isEqualTo(handedOut);
      assertThat(
              database.count(
                  "ledger_entry WHERE kind IN ('sealed', 'intent') AND number > %d AND request_id = '%s'"
                      .formatted(revoked, request.id())))
          .isZero();
      assertThat(one.issue(alice, "now")).isInstanceOf(Answer.Refused.class);
    }
    assertThat(
            database.count(
                "ledger_entry i WHERE kind = 'intent' AND NOT EXISTS (SELECT 1 FROM ledger_entry o"
                    + " WHERE o.issuance = i.issuance AND o.kind IN ('sealed', 'unknown'))"))
        .isZero();
  }

  private long number(String kind, AccessRequest request) {
    return database.one(
        "SELECT number FROM ledger_entry WHERE kind = '%s' AND request_id = '%s'"
            .formatted(kind, request.id()),
        Long.class);
  }

  @Test
  void p5_no_extension_outlives_a_revocation_that_it_races_with() {
    raceWithExtensions(request -> other.revoke(admin, request.id()));
    assertThat(database.count("access_request WHERE state <> 'revoked'")).isZero();
  }

  @Test
  void p5_no_extension_outlives_a_return_that_it_races_with() {
    raceWithExtensions(request -> other.desk.giveBack(alice, request.id(), "done"));
    assertThat(database.count("access_request WHERE state <> 'returned'")).isZero();
  }

  private void raceWithExtensions(Function<AccessRequest, DeskAnswer> end) {
    for (var round = 0; round < ROUNDS; round++) {
      var request = one.ask(alice, "now", "round " + round);
      var more = new Wish(Duration.ofHours(1), "more " + round, null);
      var answers =
          Race.<DeskAnswer>of(
              () -> one.desk.extend(alice, request.id(), more, null, one.now()),
              () -> end.apply(request));
      assertThat(answers.getLast()).isInstanceOf(DeskAnswer.Done.class);
    }
  }

  @Test
  void p5_no_extension_outlives_a_return_that_its_approval_races_with() {
    for (var round = 0; round < ROUNDS; round++) {
      var request = one.ask(alice, "asked", "round " + round);
      one.approve(bob, request.id());
      var wish = new Wish(Duration.ofHours(1), "more " + round, null);
      var more = (DeskAnswer.Made) one.desk.extend(alice, request.id(), wish, null, one.now());
      var answers =
          Race.<DeskAnswer>of(
              () -> one.approve(bob, more.request().id()),
              () -> other.desk.giveBack(alice, request.id(), "done"));
      assertThat(answers.getLast()).isInstanceOf(DeskAnswer.Done.class);
    }
    assertThat(database.count("access_request WHERE state IN ('pending', 'approved')")).isZero();
    assertThat(
            database.count(
                "access_request r WHERE extends_request IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
                    + " ledger_entry e WHERE e.request_id = r.id AND e.kind = r.state"
                    + " AND e.caller_subject = 'alice')"))
        .isZero();
  }

  @Test
  void p5_a_revocation_between_intent_and_seal_withdraws_the_credential() {
    var request = one.ask(alice, "now", "revoked while minting");
    one.whileMinting = () -> other.revoke(admin, request.id());
    assertThat(one.issue(alice, "now")).isEqualTo(new Answer.Refused(IssueRefusal.GRANT_REVOKED));
    one.whileMinting = () -> {};
    assertThat(entries("sealed", request)).isZero();
    assertThat(entries("unknown", request)).isEqualTo(1);
  }

  @Test
  void nothing_is_sealed_after_a_stop_is_acknowledged() {
    one.ask(alice, "now", "stopped");
    for (var round = 0; round < 30; round++) {
      var stop = new Entry(EntryKind.STOP, null, null, null, admin.id(), Map.of());
      var runners = new ArrayList<Callable<Object>>();
      runners.add(() -> other.ledger.setStopped(true, stop));
      for (var i = 0; i < 4; i++) {
        runners.add(() -> one.issue(alice, "now"));
      }
      Race.of(runners);
      var stopped =
          database.one("SELECT max(number) FROM ledger_entry WHERE kind = 'stop'", Long.class);
      assertThat(
              database.count(
                  "ledger_entry WHERE kind IN ('sealed', 'intent') AND number > " + stopped))
          .isZero();
      assertThat(one.issue(alice, "now")).isEqualTo(new Answer.Refused(IssueRefusal.STOPPED));
      other.ledger.setStopped(
          false, new Entry(EntryKind.RESUME, null, null, null, admin.id(), Map.of()));
    }
  }

  @Test
  void f36_whoever_sees_only_the_database_or_only_the_cloud_hands_out_nothing() {
    var request = one.ask(alice, "now", "partition");
    var withoutDatabase = replica();
    withoutDatabase.database.close();
    assertThat(withoutDatabase.issue(alice, "now")).isEqualTo(new Answer.LedgerUnavailable());
    assertThat(withoutDatabase.minted).hasValue(0);
    one.whileMinting =
        () -> {
          throw new IllegalStateException("no way to the cloud");
        };
    assertThat(one.issue(alice, "now")).isInstanceOf(Answer.CloudFailed.class);
    one.whileMinting = () -> {};
    assertThat(entries("intent", request)).isEqualTo(1);
    assertThat(entries("unknown", request)).isEqualTo(1);
    assertThat(entries("sealed", request)).isZero();
  }

  @Test
  void the_same_call_on_both_replicas_makes_one_request() {
    for (var round = 0; round < ROUNDS; round++) {
      var wish = new Wish(Duration.ofHours(1), "same", null);
      var asking = new Asking("now", wish, null, "key-" + round);
      var answers =
          Race.<DeskAnswer>of(
              () -> one.desk.make(alice, asking, one.now()),
              () -> other.desk.make(alice, asking, other.now()));
      assertThat(answers).filteredOn(a -> a instanceof DeskAnswer.Made).hasSize(1);
      assertThat(answers).filteredOn(a -> a instanceof DeskAnswer.Existing).hasSize(1);
    }
    assertThat(database.count("access_request")).isEqualTo(ROUNDS);
  }

  @Test
  void p5_a_revocation_gets_through_while_many_issue_under_the_grant() throws Exception {
    var request = one.ask(alice, "now", "busy");
    var running = new java.util.concurrent.atomic.AtomicBoolean(true);
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 16; i++) {
        var replica = i % 2 == 0 ? one : other;
        var _ =
            threads.submit(() -> {
              while (running.get()) {
                replica.issue(alice, "now");
              }
            });
      }
      while (entries("sealed", request) < 50) {
        Thread.sleep(20);
      }
      try {
        assertThat(other.revoke(admin, request.id())).isInstanceOf(DeskAnswer.Done.class);
      } finally {
        running.set(false);
      }
    }
    assertThat(read(request).state()).isEqualTo(State.REVOKED);
  }
}
