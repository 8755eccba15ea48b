package io.daypass.sandbox.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Many pipelines that start in the same moment: each exchanges one token that is good once, over a
 * connection of its own, and asks again only where it is told to.
 */
final class Storm {

  private static final int RUNS = 500;
  private static final int TRIES = 5;

  private Storm() {}

  private record Served(String request, long nanos, int tries) {}

  static void measure(Table table, Bench bench) throws InterruptedException {
    var tokens = IntStream.range(0, RUNS).mapToObj(_ -> bench.run()).toList();
    var began = System.nanoTime();
    var served = exchanged(bench.brokerPort(), tokens);
    var took = Duration.ofNanos(System.nanoTime() - began);
    var nanos = served.stream().map(Served::nanos).sorted().toList();
    var requests = new HashSet<>(served.stream().map(Served::request).toList());
    table.row(
        RUNS + " exchanges at once, each of a token of its own",
        "%,d ms in all   p50 %,d ms   p99 %,d ms   asked again %d   %s"
            .formatted(
                took.toMillis(),
                nanos.get(RUNS / 2) / 1_000_000,
                nanos.get(RUNS * 99 / 100) / 1_000_000,
                served.stream().mapToInt(one -> one.tries() - 1).sum(),
                requests.size() == RUNS ? "none lost, none twice" : "LOST OR TWICE"));
  }

  private static List<Served> exchanged(int port, List<String> tokens) throws InterruptedException {
    var start = new CountDownLatch(1);
    var all = new ArrayList<Future<Served>>();
    // Closed in the opposite order: a client that is closed sends nothing more.
    try (var client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var token : tokens) {
        var request = request(port, token);
        all.add(
            threads.submit(() -> {
              start.await();
              return one(client, request);
            }));
      }
      start.countDown();
    }
    return all.stream().map(Storm::result).toList();
  }

  private static HttpRequest request(int port, String token) {
    var form =
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&audience=bench"
            + "&subject_token_type=urn:ietf:params:oauth:token-type:jwt&subject_token="
            + token;
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/oauth2/token"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .timeout(Duration.ofSeconds(60))
        .POST(BodyPublishers.ofString(form))
        .build();
  }

  private static Served one(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    var began = System.nanoTime();
    for (int tries = 1; ; tries++) {
      var answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        var id = answer.headers().firstValue("Daypass-Request").orElseThrow();
        return new Served(id, System.nanoTime() - began, tries);
      }
      var wait = answer.headers().firstValueAsLong("Retry-After");
      if (tries == TRIES || wait.isEmpty()) {
        throw new IOException("refused: " + answer.body());
      }
      Thread.sleep(Duration.ofSeconds(wait.getAsLong()));
    }
  }

  private static Served result(Future<Served> one) {
    try {
      return one.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
