package io.daypass.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Stands between the broker and STS, and can hold a call before or after the cloud has it. */
final class StsGate implements AutoCloseable {

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer server;
  private final String sts;
  private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
  private volatile Hold before = Hold.none();
  private volatile Hold after = Hold.none();

  /** A place where a call waits: {@code arrived} says it is there, {@code go} lets it on. */
  record Hold(Semaphore arrived, CountDownLatch go) {

    static Hold none() {
      return new Hold(new Semaphore(0), new CountDownLatch(0));
    }

    static Hold closed() {
      return new Hold(new Semaphore(0), new CountDownLatch(1));
    }

    void awaitCall() throws InterruptedException {
      if (!arrived.tryAcquire(Until.LONG.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)) {
        throw new AssertionError("no call came to the cloud");
      }
    }

    void open() {
      go.countDown();
    }

    private void pass() throws IOException {
      arrived.release();
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  StsGate(String sts) throws IOException {
    this.sts = sts;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/sts";
  }

  /** The assertions that went by, which nobody but the cloud should ever see. */
  List<String> assertions() {
    return bodies.stream()
        .flatMap(body -> Arrays.stream(body.split("&", -1)))
        .filter(pair -> pair.startsWith("WebIdentityToken="))
        .map(pair -> pair.substring(pair.indexOf('=') + 1))
        .toList();
  }

  /** Calls wait here from now on, before the cloud hears of them. */
  Hold holdRequests() {
    before = Hold.closed();
    return before;
  }

  /** Answers wait here from now on: the cloud has made what was asked for. */
  Hold holdAnswers() {
    after = Hold.closed();
    return after;
  }

  /** Lets everything pass, also what waits. */
  void openAll() {
    before.open();
    after.open();
    before = Hold.none();
    after = Hold.none();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      bodies.add(new String(body, StandardCharsets.UTF_8));
      before.pass();
      var request =
          HttpRequest.newBuilder(URI.create(sts))
              .header("Content-Type", exchange.getRequestHeaders().getFirst("Content-Type"))
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      after.pass();
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    openAll();
    server.stop(0);
  }
}
