package io.daypass.cli.loopback;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.util.HashMap;
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
  private static final int LONGEST = 64 * 1024;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * What arrived.
   *
   * @param target the path with its query, as it was sent
   * @param port where it came from, on this machine
   * @param body as text; empty if it is longer than anything that is asked here
   */
  record Asked(
      String method, String target, int port, Map<String, List<String>> headers, String body) {

    /** The path without its query. */
    String path() {
      var query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }

    /** The query's fields; empty if one is there twice or cannot be read. */
    Map<String, String> query() {
      var query = target.indexOf('?');
      return query < 0 ? Map.of() : fields(target.substring(query + 1));
    }

    /** The form in the body, in the same way. */
    Map<String, String> form() {
      var type = header("Content-Type").split(";", -1)[0].strip();
      return type.equalsIgnoreCase("application/x-www-form-urlencoded") ? fields(body) : Map.of();
    }

    private static Map<String, String> fields(String text) {
      var fields = new HashMap<String, String>();
      try {
        for (var field : text.split("&", -1)) {
          var cut = field.indexOf('=');
          var name = URLDecoder.decode(cut < 0 ? field : field.substring(0, cut), UTF_8);
          var value = cut < 0 ? "" : URLDecoder.decode(field.substring(cut + 1), UTF_8);
          if (fields.put(name, value) != null) {
            return Map.of();
          }
        }
      } catch (IllegalArgumentException _) {
        return Map.of();
      }
      return fields;
    }

    // What comes may show a secret.
    @Override
    public String toString() {
      return "Asked[" + method + " " + path() + "]";
    }

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
    return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  private void answer(HttpExchange exchange, Function<Asked, Reply> answers) throws IOException {
    var asked =
        new Asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRemoteAddress().getPort(),
            Map.copyOf(exchange.getRequestHeaders()),
            body(exchange));
    var named = asked.header("Host").equals(ADDRESS + ":" + port());
    var reply = named ? answers.apply(asked) : Reply.text(421, "not here");
    try (exchange) {
      send(exchange, reply);
    }
    // Not before: whoever waits for this may end the server at once.
    reply.sent().run();
  }

  private static String body(HttpExchange exchange) throws IOException {
    var bytes = exchange.getRequestBody().readNBytes(LONGEST + 1);
    return bytes.length > LONGEST ? "" : new String(bytes, UTF_8);
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", reply.type());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Connection", "close");
    reply.headers().forEach(headers::set);
    var body = reply.body().getBytes(UTF_8);
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
