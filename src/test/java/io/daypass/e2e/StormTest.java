package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A whole company's pipelines start at once, each with one token that is good once. */
class StormTest {

  private static final int RUNS = 500;
  // What curl calls transient.
  private static final Set<Integer> TRANSIENT = Set.of(408, 429, 500, 502, 503, 504);

  @Test
  void every_run_of_a_storm_gets_its_own_credential_once_and_nothing_is_lost() throws Exception {
    try (var world = World.busy("info")) {
      var apis = new ArrayList<Api>();
      // At one replica, then at two, of which the first has connections that the cloud has ended
      // meanwhile.
      for (int storm = 1; storm <= 2; storm++) {
        apis.add(world.replica().awaitReady().api());
        var requests = served(apis, IntStream.range(0, RUNS).mapToObj(_ -> world.run()).toList());
        assertThat(requests).as(troubles(world)).doesNotContain("").doesNotHaveDuplicates();
        // No token was spent for nothing, and nothing was minted that nobody got.
        for (var kind : List.of("request_made", "intent", "sealed")) {
          var entries = "SELECT count(*) FROM daypass.ledger_entry WHERE kind = ?";
          assertThat(world.records.count(entries, kind)).as(kind).isEqualTo((long) storm * RUNS);
        }
      }
    }
  }

  private static String troubles(World world) throws Exception {
    var told = new StringBuilder();
    for (var replica : world.replicas()) {
      told.append(
          replica
              .log()
              .lines()
              .filter(line -> line.contains("\"WARN\"") || line.contains("\"ERROR\""))
              .limit(5)
              .collect(Collectors.joining("\n")));
    }
    return told.toString();
  }

  /** The request under which each token got its credential; empty where it got none. */
  private static List<String> served(List<Api> apis, List<String> tokens) {
    var answers = new ArrayList<CompletableFuture<String>>();
    for (int i = 0; i < tokens.size(); i++) {
      var api = apis.get(i % apis.size());
      var token = tokens.get(i);
      answers.add(
          CompletableFuture.supplyAsync(() -> asked(api, token), Thread::startVirtualThread));
    }
    return answers.stream().map(CompletableFuture::join).toList();
  }

  /** As {@code curl --retry 4} asks: with the same token, after as long as it is told. */
  private static String asked(Api api, String token) {
    for (int retry = 0; ; retry++) {
      var answer = Doorway.EXCHANGE.ask(api, "ci-deploy", token);
      if (answer.status() == 200) {
        return answer.header("Daypass-Request");
      }
      if (retry == 4 || !TRANSIENT.contains(answer.status())) {
        return "";
      }
      pause(answer.header("Retry-After"), retry);
    }
  }

  private static void pause(String retryAfter, int retry) {
    try {
      Thread.sleep(
          Duration.ofSeconds(retryAfter.isEmpty() ? 1L << retry : Long.parseLong(retryAfter)));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
