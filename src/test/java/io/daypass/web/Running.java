package io.daypass.web;

import io.daypass.settings.Network;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A real server on a free port, and a client for it. */
public final class Running implements AutoCloseable {

  public final Vertx vertx = Vertx.vertx();
  public final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  public final Metrics metrics = new Metrics();

  /** What has a place that is kept for ending access runs on threads of that name. */
  public static final String URGENT = "urgent-";

  private final ExecutorService urgent =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(URGENT, 0).factory());
  public final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  public final Server server;

  public static final Function<Throwable, Problem> FAULTS =
      _ -> Problem.of(Code.INTERNAL_ERROR, "something went wrong here", "try again");

  private Running(
      List<Route> routes,
      HttpLimits limits,
      Peers peers,
      int loops,
      Function<Throwable, Problem> faults) {
    this(routes, limits, peers, loops, faults, Problem::answer);
  }

  private Running(
      List<Route> routes,
      HttpLimits limits,
      Peers peers,
      int loops,
      Function<Throwable, Problem> faults,
      Function<Problem, Answer> strays) {
    var traces = new AtomicLong();
    var around =
        new Surroundings(
            System::nanoTime, () -> "trace-" + traces.incrementAndGet(), threads, urgent);
    var all = new ArrayList<>(routes);
    try {
      server =
          Server.start(
              vertx,
              new Server.Place("127.0.0.1", 0, loops),
              new Face(all, limits, peers, metrics, faults, strays),
              around);
    } catch (Server.ListenException e) {
      throw new AssertionError(e);
    }
  }

  public static Running with(List<Route> routes) {
    return new Running(routes, HttpLimits.usual(), new Peers(List.of()), 2, FAULTS);
  }

  public static Running with(List<Route> routes, Function<Throwable, Problem> faults) {
    return new Running(routes, HttpLimits.usual(), new Peers(List.of()), 2, faults);
  }

  /** With a way of its own to tell browsers that they went astray. */
  public static Running with(
      List<Route> routes, Function<Throwable, Problem> faults, Function<Problem, Answer> strays) {
    return new Running(routes, HttpLimits.usual(), new Peers(List.of()), 2, faults, strays);
  }

  static Running with(List<Route> routes, HttpLimits limits) {
    return new Running(routes, limits, new Peers(List.of()), 1, FAULTS);
  }

  static Running behind(List<Route> routes, String proxy) {
    var network = Network.parse(proxy).orElseThrow();
    return new Running(routes, HttpLimits.usual(), new Peers(List.of(network)), 1, FAULTS);
  }

  public HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  public HttpResponse<String> get(String path) {
    return send(to(path).GET());
  }

  public HttpResponse<String> post(String path, String json) {
    return send(
        to(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Raw raw() throws java.io.IOException {
    return new Raw(server.port());
  }

  Raw raw(String from) throws java.io.IOException {
    return new Raw(server.port(), from);
  }

  @Override
  public void close() {
    server.drain(Duration.ofSeconds(1));
    threads.shutdownNow();
    urgent.shutdownNow();
    client.shutdownNow();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
