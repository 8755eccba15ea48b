package io.daypass.cli.loopback;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A server on 127.0.0.1, on a port of the system's choice. Whoever does not name it by exactly that
 * address is refused: a web page whose host name was made to resolve here (DNS rebinding) does not
 * get in.
 */
final class Loopback implements AutoCloseable {

  private static final String ADDRESS = "127.0.0.1";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * What arrived.
   *
   * @param target the path with its query, as it was sent
   * @param port where it came from, on this machine
   */
  record Asked(String method, String target, int port, Map<String, List<String>> headers) {

    /** The header's value if it is there exactly once, else empty text. */
    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .filter(values -> values.size() == 1)
          .map(List::getFirst)
          .findFirst()
          .orElse("");
    }
  }

  /**
   * What goes back.
   *
   * @param sent run once all of it has been sent
   */
  record Reply(int status, String type, String body, Map<String, String> headers, Runnable sent) {

    Reply(int status, String type, String body, Map<String, String> headers) {
      this(status, type, body, headers, () -> {});
    }

    static Reply text(int status, String body) {
      return new Reply(status, "text/plain; charset=utf-8", body + "\n", Map.of());
    }

    @Override
    public String toString() {
      return "Reply[" + status + "]";
    }
  }

  Loopback(Function<Asked, Reply> answers) throws IOException {
    var here = InetAddress.getByAddress(ADDRESS, new byte[] {127, 0, 0, 1});
    server = HttpServer.create(new InetSocketAddress(here, 0), 16);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, answers));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url(String path) {
    return "http://" + ADDRESS + ":" + port() + path;
  }

  /** Whether both are the same, in a time that does not tell where they differ. */
  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private void answer(HttpExchange exchange, Function<Asked, Reply> answers) throws IOException {
    var asked =
        new Asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRemoteAddress().getPort(),
            Map.copyOf(exchange.getRequestHeaders()));
    var named = asked.header("Host").equals(ADDRESS + ":" + port());
    var reply = named ? answers.apply(asked) : Reply.text(421, "not here");
    try (exchange) {
      send(exchange, reply);
    }
    // Not before: whoever waits for this may end the server at once.
    reply.sent().run();
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", reply.type());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Connection", "close");
    reply.headers().forEach(headers::set);
    var body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Ends it at once. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
