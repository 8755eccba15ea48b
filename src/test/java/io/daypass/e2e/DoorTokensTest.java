package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.daypass.e2e.Doorway.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens that are good once, and tokens that may come again, at every door of two replicas. */
class DoorTokensTest {

  private static final String CI = DoorRows.CI;
  private static final Outcome USED = new Outcome(false, "token_already_used");

  private static World world;
  private static Replica a;
  private static Replica b;

  @TempDir private Path home;

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

  /** What fifty calls at once, half of them at either replica, come to. */
  private static List<Outcome> fifty(Doorway door, String token) {
    return fifty(api -> door.outcome(door.ask(api, CI, token)));
  }

  private static List<Outcome> fifty(Function<Api, Outcome> call) {
    var answers = new ArrayList<CompletableFuture<Outcome>>();
    for (int i = 0; i < 50; i++) {
      var api = (i % 2 == 0 ? a : b).api();
      answers.add(CompletableFuture.supplyAsync(() -> call.apply(api), Thread::startVirtualThread));
    }
    return answers.stream().map(CompletableFuture::join).toList();
  }

  /** A new token, shown fifty times at once; it is good once. */
  private static String goodOnce(Doorway door) {
    for (var round = 0; round < 20; round++) {
      var token = world.run();
      var outcomes = fifty(door, token);
      assertThat(outcomes).filteredOn(Outcome::given).hasSizeLessThanOrEqualTo(1);
      // A credential that came later than this door's clients wait was dropped: once more, then.
      if (outcomes.stream().noneMatch(Outcome::isPassing)) {
        assertThat(outcomes).filteredOn(Outcome::given).hasSize(1);
        assertThat(outcomes).filteredOn(outcome -> !outcome.given()).containsOnly(USED);
        return token;
      }
    }
    throw new AssertionError("a passing trouble that does not pass");
  }

  @ParameterizedTest
  @EnumSource
  void a16_p10_a_token_shown_fifty_times_to_two_replicas_is_good_once(Doorway door) {
    goodOnce(door);
  }

  @Test
  void a16_f30_the_same_holds_after_a_kill_and_used_tokens_stay_used() throws Exception {
    var used = new ArrayList<String>();
    for (var door : Doorway.values()) {
      used.add(goodOnce(door));
    }
    b.kill();
    b.startAgain();
    b.awaitReady();
    for (var door : Doorway.values()) {
      for (var token : used) {
        // Who asks again because of a passing trouble changes nothing.
        assertThat(fifty(api -> door.outcome(api, CI, token))).containsOnly(USED);
      }
      goodOnce(door);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ten_processes_with_one_projected_token_share_a_request_and_have_an_issuance_each(
      Doorway door) throws Exception {
    Needs.programs("curl");
    var request = door.request(a.api(), "worker", world.pod()).build();
    var config = Files.writeString(home.resolve("curl"), Shell.curl(request));
    var processes = new ArrayList<Process>();
    for (int i = 0; i < 10; i++) {
      processes.add(
          new ProcessBuilder("curl", "-sS", "--retry", "5", "-D", "-", "-K", config.toString())
              .redirectErrorStream(true)
              .start());
    }
    var requests = new ArrayList<String>();
    var issuances = new ArrayList<String>();
    for (var process : processes) {
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(text).isZero();
      assertThat(text).contains("AccessKeyId");
      requests.add(Shell.last(text, "daypass-request: ([a-z0-9]+)"));
      issuances.add(Shell.last(text, "daypass-issuance: ([a-z0-9-]+)"));
    }
    assertThat(requests.stream().distinct()).hasSize(1);
    assertThat(issuances).doesNotHaveDuplicates();
    var kinds = world.records.kinds(requests.getFirst());
    assertThat(kinds).filteredOn("request_made"::equals).hasSize(1);
    assertThat(kinds).filteredOn("sealed"::equals).hasSize(10);
    assertThat(kinds).filteredOn("intent"::equals).hasSizeGreaterThanOrEqualTo(10);
    assertThat(
            world.records.texts(
                "SELECT issuance::text FROM daypass.ledger_entry"
                    + " WHERE kind = 'sealed' AND request_id = ?",
                requests.getFirst()))
        .containsExactlyInAnyOrderElementsOf(issuances);
  }
}
