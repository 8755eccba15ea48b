package io.daypass.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Answers of a broker, over real HTTP, to calls that a test expects. */
final class FakeBroker implements AutoCloseable {

  private static final int SILENT = 0;

  private final HttpServer server;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final Map<String, Reply> later = new ConcurrentHashMap<>();

  /** What came, in order. */
  final List<Asked> asked = new CopyOnWriteArrayList<>();

  record Asked(String call, String authorization, String mark, String body) {}

  private record Reply(int status, String body, Map<String, String> headers) {}

  FakeBroker() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on, {@code call} (such as {@code GET /v1/me}) is answered so. */
  FakeBroker on(String call, int status, String body) {
    return on(call, status, body, Map.of());
  }

  FakeBroker on(String call, int status, String body, Map<String, String> headers) {
    replies.put(call, new Reply(status, body, headers));
    return this;
  }

  /** Once {@code call} has been answered as before, it is answered so. */
  FakeBroker then(String call, int status, String body) {
    later.put(call, new Reply(status, body, Map.of()));
    return this;
  }

  /** From now on, {@code call} is heard and not answered. */
  FakeBroker silent(String call) {
    return on(call, SILENT, "");
  }

  long heard(String call) {
    return asked.stream().filter(one -> one.call().equals(call)).count();
  }

  /** A refusal as the broker words it. */
  FakeBroker refuses(String call, int status, String code, String detail, String next) {
    return on(
        call,
        status,
        """
        {"type":"urn:daypass:problem:%s","title":"No","status":%d,"code":"%s","detail":"%s","next":"%s"}\
        """
            .formatted(code, status, code, detail, next));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var authorization = exchange.getRequestHeaders().getFirst("Authorization");
      var mark = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      asked.add(new Asked(call, String.valueOf(authorization), String.valueOf(mark), body));
      var reply = replies.getOrDefault(call, new Reply(404, "not here", Map.of()));
      var next = later.remove(call);
      if (next != null) {
        replies.put(call, next);
      }
      if (reply.status() == SILENT) {
        closed.await();
        return;
      }
      var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
