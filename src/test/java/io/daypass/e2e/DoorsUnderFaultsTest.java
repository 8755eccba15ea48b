package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.e2e.Doorway.Outcome;
import io.daypass.sandbox.http.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F3 to F8 at every door. */
class DoorsUnderFaultsTest {

  private static final Outcome GIVEN = new Outcome(true, "");
  private static final Outcome USED = new Outcome(false, "token_already_used");
  private static final Outcome BUSY = new Outcome(false, "cloud_busy");
  private static final Outcome TOO_SLOW = new Outcome(false, "too_slow");

  private static World world;
  private static Replica a;
  private static Replica b;

  @BeforeAll
  static void start() throws Exception {
    world = World.busy("info");
    a = world.replica().awaitReady();
    b = world.replica().awaitReady();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void every_intent_has_its_end() throws Exception {
    world.gate.openAll();
    a.awaitReady();
    b.awaitReady();
    var pod = world.pod();
    Until.holds("it issues", () -> a.api().credentials("worker", pod).status() == 200);
    Until.holds(
        "every intent is closed",
        () -> {
          world.records.closeOrphans();
          return world.records.openIntents().isEmpty();
        });
  }

  /** The container door's clients wait two seconds: there, slow is refused too. */
  private static void unavailable(Doorway door, Api.Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
    var outcome = door.outcome(answer);
    assertThat(outcome.given()).isFalse();
    assertThat(outcome.code())
        .isIn(
            door == Doorway.CONTAINER
                ? new String[] {"ledger_unavailable", "too_slow"}
                : new String[] {"ledger_unavailable"});
  }

  @Test
  void f3_killed_before_t1_nothing_is_minted_at_any_door() throws Exception {
    var pod = world.pod();
    for (var door : Doorway.values()) {
      assertThat(door.outcome(a.api(), "worker", pod).given()).isTrue();
    }
    var before = world.gate.assertions().size();
    world.postgres.kill();
    try {
      for (var door : Doorway.values()) {
        unavailable(door, door.ask(a.api(), "worker", pod));
        unavailable(door, door.ask(a.api(), "ci-deploy", world.run()));
      }
      assertThat(world.gate.assertions()).hasSize(before);
    } finally {
      world.postgres.restart();
    }
  }

  @ParameterizedTest
  @EnumSource
  void f4_f5_killed_in_t1_nothing_is_minted(Doorway door) throws Exception {
    var pod = world.pod();
    var opened = a.api().credentials("worker", pod).is(200).header("Daypass-Request");
    var before = world.gate.assertions().size();
    var lock = world.records.lock(opened);
    var inFlight = later(door, a.api(), "worker", pod);
    world.records.awaitBlocked("record_intent");
    world.postgres.kill();
    try {
      unavailable(door, Api.wait(inFlight));
      assertThat(world.gate.assertions()).hasSize(before);
    } finally {
      world.postgres.restart();
      lock.abort(Runnable::run);
    }
  }

  @Test
  void f6_killed_between_mint_and_t2_the_credential_is_dropped_at_every_door() throws Exception {
    var pod = world.pod();
    a.api().credentials("worker", pod).is(200);
    var hold = world.gate.holdAnswers();
    var inFlight = new EnumMap<Doorway, CompletableFuture<Api.Answer>>(Doorway.class);
    for (var door : Doorway.values()) {
      inFlight.put(door, later(door, a.api(), "worker", pod));
      hold.awaitCall();
    }
    world.postgres.kill();
    try {
      hold.open();
      inFlight.forEach((door, answer) -> unavailable(door, Api.wait(answer)));
    } finally {
      world.postgres.restart();
    }
  }

  @ParameterizedTest
  @EnumSource
  void f7_killed_in_t2_the_credential_is_dropped(Doorway door) throws Exception {
    var pod = world.pod();
    var opened = a.api().credentials("worker", pod).is(200).header("Daypass-Request");
    var hold = world.gate.holdAnswers();
    var inFlight = later(door, a.api(), "worker", pod);
    hold.awaitCall();
    var lock = world.records.lock(opened);
    hold.open();
    // At the container door nobody may wait any more, and then nothing is sealed.
    Until.holds(
        "it is being sealed, or given up",
        () -> world.records.isBlocked("record_seal") || inFlight.isDone());
    assertThat(inFlight.isDone()).isIn(false, door == Doorway.CONTAINER);
    world.postgres.kill();
    try {
      unavailable(door, Api.wait(inFlight));
    } finally {
      world.postgres.restart();
      lock.abort(Runnable::run);
    }
  }

  @Test
  void f8_killed_after_t2_what_was_handed_out_is_sealed_at_every_door() throws Exception {
    var requests = new EnumMap<Doorway, String>(Doorway.class);
    for (var door : Doorway.values()) {
      Api.Answer answer = door.ask(a.api(), "worker", world.pod());
      for (int i = 0; i < 10 && answer.status() == 503; i++) {
        answer = door.ask(a.api(), "worker", world.pod());
      }
      requests.put(door, answer.is(200).header("Daypass-Request"));
    }
    world.postgres.kill();
    world.postgres.restart();
    for (var request : requests.values()) {
      assertThat(world.records.kinds(request)).contains("sealed");
    }
  }

  @Test
  void what_comes_later_than_the_container_doors_clients_wait_is_dropped_and_said_so()
      throws Exception {
    var pod = world.pod();
    var opened = a.api().credentials("worker", pod).is(200).header("Daypass-Request");
    var hold = world.gate.holdAnswers();
    var inFlight = later(Doorway.CONTAINER, a.api(), "worker", pod);
    hold.awaitCall();
    assertThat(Doorway.CONTAINER.outcome(Api.wait(inFlight))).isEqualTo(TOO_SLOW);
    hold.open();
    Until.holds(
        "the late credential is written down as unknown",
        () -> world.records.kinds(opened).getLast().equals("unknown"));
  }

  @Test
  void f20_while_the_cloud_keeps_failing_no_token_is_spent_at_any_door() throws Exception {
    var faults = world.sandbox.aws().stsFaults();
    faults.always(Fault.outage());
    var tokens = new EnumMap<Doorway, String>(Doorway.class);
    try {
      Until.holds(
          "nothing more is sent to the cloud",
          () -> a.api().credentials("worker", world.pod()).text("code").equals("cloud_busy"));
      var entries = "SELECT count(*) FROM daypass.ledger_entry";
      var before = world.records.count(entries);
      for (var door : Doorway.values()) {
        var token = world.run();
        tokens.put(door, token);
        var answer = door.ask(a.api(), "ci-deploy", token);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
        assertThat(door.outcome(answer)).isEqualTo(BUSY);
      }
      assertThat(world.records.count(entries)).isEqualTo(before);
    } finally {
      faults.clear();
    }
    Until.holds(
        "the cloud is asked again",
        () -> a.api().credentials("worker", world.pod()).status() == 200);
    for (var door : Doorway.values()) {
      // What comes later than the container door's clients wait is dropped.
      var late = door == Doorway.CONTAINER ? TOO_SLOW : GIVEN;
      assertThat(door.outcome(door.ask(a.api(), "ci-deploy", tokens.get(door)))).isIn(GIVEN, late);
    }
  }

  @Test
  void f21_while_the_cloud_is_slow_no_token_is_spent_by_who_gets_no_turn() throws Exception {
    var begun = world.gate.assertions().size();
    var intents = count("intent");
    // Sixty-four at once: of so many who come together, the last would wait longer than 8 seconds.
    world.sandbox.aws().stsFaults().always(new Fault.Delay(Duration.ofMillis(2_500)));
    var first = answers(tokens(120));
    world.sandbox.aws().stsFaults().clear();
    assertThat(count("intent") - intents)
        .as("nothing is written down but for who had a turn")
        .isLessThanOrEqualTo(world.gate.assertions().size() - begun);
    Until.holds(
        "the cloud is asked again",
        () -> a.api().credentials("worker", world.pod()).status() == 200);
    first.forEach((door, outcomes) -> {
      // The container door's clients have gone by the time it is known.
      var turnedAway = door == Doorway.CONTAINER ? TOO_SLOW : BUSY;
      var again = new ArrayList<Outcome>();
      outcomes.forEach((token, outcome) -> {
        if (outcome.equals(turnedAway)) {
          again.add(door.outcome(a.api(), "ci-deploy", token));
        }
      });
      assertThat(again).as("%s", door).contains(GIVEN);
      if (door == Doorway.CONTAINER) {
        // Those whose credential came too late had their turn.
        assertThat(again).isSubsetOf(GIVEN, USED);
      } else {
        assertThat(again).as("%s", door).containsOnly(GIVEN);
      }
    });
  }

  private static long count(String kind) throws Exception {
    return world.records.count("SELECT count(*) FROM daypass.ledger_entry WHERE kind = ?", kind);
  }

  private static Map<Doorway, List<String>> tokens(int each) {
    var tokens = new EnumMap<Doorway, List<String>>(Doorway.class);
    for (var door : Doorway.values()) {
      tokens.put(door, IntStream.range(0, each).mapToObj(_ -> world.run()).toList());
    }
    return tokens;
  }

  /** What all tokens come to, each at its door, all at once and the doors by turns. */
  private static Map<Doorway, Map<String, Outcome>> answers(Map<Doorway, List<String>> tokens) {
    var asked = new EnumMap<Doorway, Map<String, CompletableFuture<Api.Answer>>>(Doorway.class);
    tokens.keySet().forEach(door -> asked.put(door, new LinkedHashMap<>()));
    var most = tokens.values().stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < most; i++) {
      for (var door : tokens.keySet()) {
        if (i < tokens.get(door).size()) {
          var token = tokens.get(door).get(i);
          asked.get(door).put(token, later(door, a.api(), "ci-deploy", token));
        }
      }
    }
    var outcomes = new EnumMap<Doorway, Map<String, Outcome>>(Doorway.class);
    asked.forEach((door, calls) -> {
      var own = new LinkedHashMap<String, Outcome>();
      calls.forEach((token, call) -> own.put(token, door.outcome(Api.wait(call))));
      outcomes.put(door, own);
    });
    return outcomes;
  }

  private static CompletableFuture<Api.Answer> later(
      Doorway door, Api api, String role, String token) {
    return CompletableFuture.supplyAsync(
        () -> door.ask(api, role, token), Thread::startVirtualThread);
  }
}
