package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** F30: the broker is killed at each step of the path, while another replica goes on. */
class KilledBrokerTest {

  private static World world;
  // Signs nothing that is killed here: the clouds look for keys where the first replica listens.
  private static Replica standing;
  private static Replica killed;

  private String pod = "";
  private String request = "";

  @BeforeAll
  static void start() throws Exception {
    world = World.busy("info");
    standing = world.replica().awaitReady();
    killed = world.replica().awaitReady();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void a_grant_that_is_used_already() {
    pod = world.pod();
    request = standing.api().credentials("worker", pod).is(200).header("Daypass-Request");
  }

  /** Whatever was cut: no intent stays open, and both replicas issue. */
  @AfterEach
  void all_is_told_and_everybody_issues() throws Exception {
    world.gate.openAll();
    killed.awaitReady().api().credentials("worker", pod).is(200);
    standing.api().credentials("worker", pod).is(200);
    assertThat(world.records.openIntents()).isEmpty();
  }

  private CompletableFuture<Api.Answer> asked() {
    return killed.api().credentialsLater("worker", pod);
  }

  /** What is done to the broker while the call that it is asked waits in T2, which then goes on. */
  @FunctionalInterface
  private interface Blow {
    void to(CompletableFuture<Api.Answer> inFlight) throws Exception;
  }

  private CompletableFuture<Api.Answer> askedAndInT2(Blow blow) throws Exception {
    var hold = world.gate.holdAnswers();
    var inFlight = asked();
    hold.awaitCall();
    try (Connection lock = world.records.lock(request)) {
      hold.open();
      world.records.awaitBlocked("record_seal");
      blow.to(inFlight);
      lock.rollback();
    }
    return inFlight;
  }

  private void kill(CompletableFuture<Api.Answer> inFlight) throws Exception {
    killed.kill();
    assertThatThrownBy(() -> Api.wait(inFlight)).isInstanceOf(UncheckedIOException.class);
    killed.startAgain();
  }

  private long mints() {
    return world.gate.assertions().size();
  }

  @Test
  void killed_in_t1_nothing_was_minted() throws Exception {
    long before = mints();
    CompletableFuture<Api.Answer> inFlight;
    try (Connection lock = world.records.lock(request)) {
      inFlight = asked();
      world.records.awaitBlocked("record_intent");
      kill(inFlight);
      lock.rollback();
    }
    // The server may still commit what it was sent: an intent, which then is an orphan.
    Until.holds(
        "the statement of the killed broker is over",
        () ->
            world.records.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                        + " AND query LIKE '%record_intent%' AND pid <> pg_backend_pid()")
                == 0);
    var open = world.records.openIntents();
    assertThat(open).hasSizeLessThanOrEqualTo(1);
    assertThat(world.records.closeOrphans()).isEqualTo(open);
    assertThat(mints()).isEqualTo(before);
  }

  @Test
  void killed_between_t1_and_the_mint_the_intent_is_an_orphan() throws Exception {
    var hold = world.gate.holdRequests();
    var inFlight = asked();
    hold.awaitCall();
    kill(inFlight);
    orphaned();
  }

  @Test
  void killed_in_the_mint_the_intent_is_an_orphan_and_the_credential_nobodys() throws Exception {
    var hold = world.gate.holdAnswers();
    var inFlight = asked();
    hold.awaitCall();
    kill(inFlight);
    orphaned();
  }

  /** One intent is open; the replica that stands closes it. */
  private void orphaned() throws Exception {
    assertThat(world.records.openIntents()).hasSize(1);
    assertThat(world.records.kinds(request))
        .containsExactly("request_made", "decided_by_rule", "intent", "sealed", "intent");
    assertThat(world.records.closeOrphans()).hasSize(1);
    assertThat(world.records.kinds(request)).last().isEqualTo("orphaned");
  }

  @Test
  void killed_in_t2_the_ledger_may_tell_too_much_but_never_too_little() throws Exception {
    var inFlight = askedAndInT2(this::kill);
    assertThat(inFlight).isCompletedExceptionally();
    Until.holds(
        "the statement of the killed broker is over",
        () ->
            world.records.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                        + " AND query LIKE '%record_seal%' AND pid <> pg_backend_pid()")
                == 0);
    world.records.closeOrphans();
    assertThat(world.records.kinds(request)).hasSize(6);
    assertThat(world.records.kinds(request)).last().isIn("sealed", "orphaned");
  }

  @Test
  void killed_between_t2_and_the_answer_the_ledger_tells_of_what_nobody_got() throws Exception {
    var inFlight = askedAndInT2(_ -> killed.freeze());
    // The server commits without the broker.
    Until.holds("T2 is over", () -> world.records.openIntents().isEmpty());
    kill(inFlight);
    assertThat(world.records.kinds(request))
        .containsExactly("request_made", "decided_by_rule", "intent", "sealed", "intent", "sealed");
  }

  @Test
  void killed_after_t2_what_was_handed_out_is_sealed() throws Exception {
    var answer = Api.wait(asked()).is(200);
    killed.kill();
    killed.startAgain();
    assertThat(world.records.seals(answer.text("AccessKeyId"))).isEqualTo(1);
    assertThat(world.records.openIntents()).isEmpty();
  }

  @Test
  void p1_killed_under_load_every_credential_handed_out_is_sealed() throws Exception {
    var handedOut = new ConcurrentLinkedQueue<String>();
    var clients = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 8; i++) {
      var own = world.pod();
      clients.add(
          CompletableFuture.runAsync(
              () -> takeUntilKilled(own, handedOut), Thread::startVirtualThread));
    }
    Until.holds("some credentials are handed out", () -> handedOut.size() > 100);
    killed.kill();
    clients.forEach(CompletableFuture::join);
    killed.startAgain();
    Until.holds(
        "no statement of the killed broker runs",
        () ->
            world.records.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                        + " AND query LIKE '%record_%' AND pid <> pg_backend_pid()")
                == 0);
    world.records.closeOrphans();
    List<String> sealed =
        world.records.texts(
            "SELECT convert_from(canonical, 'UTF8')::jsonb #>> '{detail,credential}'"
                + " FROM daypass.ledger_entry WHERE kind = 'sealed'");
    assertThat(sealed).containsAll(handedOut);
  }

  private static void takeUntilKilled(String pod, ConcurrentLinkedQueue<String> handedOut) {
    try {
      while (true) {
        handedOut.add(killed.api().credentials("worker", pod).is(200).text("AccessKeyId"));
      }
    } catch (UncheckedIOException e) {
      // Killed.
    }
  }
}
