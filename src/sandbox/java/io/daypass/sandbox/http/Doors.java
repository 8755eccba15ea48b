package io.daypass.sandbox.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The sandbox's one HTTP server: paths, what answers there, and the faults shown there. */
public final class Doors {

  private static final int LARGEST_BODY = 1 << 20;

  private final Vertx vertx;
  private final Delivery delivery;
  private final Map<String, Door> doors = new HashMap<>();
  private final Map<String, Door> folders = new HashMap<>();
  private final Map<Ending, Door> endings = new HashMap<>();
  private final Map<String, Function<Buffer, String>> signposts = new HashMap<>();
  private volatile Consumer<Ask> ear = _ -> {};

  private record Ending(String method, String folder, String end) {

    boolean matches(String key) {
      return key.startsWith(method + " " + folder) && key.endsWith(end);
    }
  }

  private record Door(Endpoint endpoint, Faults faults, Refusal refusal) {}

  /** Tells {@code whoListens} of every call, with all that is secret in it. */
  public void overhear(Consumer<Ask> whoListens) {
    ear = whoListens;
  }

  /** How a service words that it cannot serve. */
  @FunctionalInterface
  public interface Refusal {
    Reply reply(Ask ask, Fault.Refuse fault);
  }

  public Doors(Vertx vertx) {
    this.vertx = vertx;
    this.delivery = new Delivery(vertx);
  }

  /** {@code endpoint} answers at exactly {@code method} and {@code path}. */
  public void open(String method, String path, Endpoint endpoint) {
    open(
        method,
        path,
        endpoint,
        new Faults(),
        (_, fault) -> Reply.text(fault.status(), fault.code()));
  }

  /** The same, with {@code faults} to show and words to refuse with. */
  public void open(String method, String path, Endpoint endpoint, Faults faults, Refusal refusal) {
    var door = new Door(endpoint, faults, refusal);
    if (doors.put(method + " " + path, door) != null) {
      throw new IllegalArgumentException("there is a door at " + path + " already");
    }
  }

  /**
   * {@code endpoint} answers at every path below {@code folder}, which ends in a slash, that has no
   * door of its own; of two folders the deeper one.
   */
  public void openBelow(
      String method, String folder, Endpoint endpoint, Faults faults, Refusal refusal) {
    if (!folder.endsWith("/")) {
      throw new IllegalArgumentException("a folder ends in a slash");
    }
    if (folders.put(method + " " + folder, new Door(endpoint, faults, refusal)) != null) {
      throw new IllegalArgumentException("there is a door below " + folder + " already");
    }
  }

  /** Of what is below {@code folder}, what ends in {@code end} has this door. */
  public void openEnding(
      String method, String folder, String end, Endpoint endpoint, Faults faults, Refusal refusal) {
    endings.put(new Ending(method, folder, end), new Door(endpoint, faults, refusal));
  }

  /** What comes to {@code method} and {@code path} goes to the path that its body decides. */
  public void redirect(String method, String path, Function<Buffer, String> by) {
    signposts.put(method + " " + path, by);
  }

  /**
   * Listens on loopback only, on IPv4 and, where there is one, on IPv6.
   *
   * @param port 0 for any free one
   * @return the port
   */
  public int listen(int port) throws IOException {
    return listen(port, null);
  }

  /**
   * The same over TLS.
   *
   * @param certificate what vouches for this server; null for clear text
   */
  public int listen(int port, @Nullable PemKeyCertOptions certificate) throws IOException {
    var server = server("127.0.0.1", port, certificate);
    int actual = server.actualPort();
    try {
      server("::1", actual, certificate);
    } catch (IOException e) {
      // No IPv6 here, or somebody else's there: clients fall back to IPv4.
    }
    return actual;
  }

  private HttpServer server(String host, int port, @Nullable PemKeyCertOptions certificate)
      throws IOException {
    var options =
        new HttpServerOptions()
            .setMaxHeaderSize(64 * 1024)
            .setMaxInitialLineLength(64 * 1024)
            .setIdleTimeout(120)
            .setReusePort(false);
    if (certificate != null) {
      options.setSsl(true).setKeyCertOptions(certificate);
    }
    var server = vertx.createHttpServer(options).requestHandler(this::handle);
    try {
      return server
          .listen(port, host)
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("cannot listen on " + host + ":" + port, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(body ->
            door(request, body)
                .ifPresentOrElse(door -> pass(request, body, door), () -> missing(request)))
        .onFailure(_ -> request.response().reset());
  }

  private Optional<Door> door(HttpServerRequest request, Buffer body) {
    var method = request.method().name();
    var key = method + " " + request.path();
    var signpost = signposts.get(key);
    var door = doors.get(signpost == null ? key : method + " " + signpost.apply(body));
    return Optional.ofNullable(door).or(() -> ending(key)).or(() -> below(key));
  }

  private Optional<Door> ending(String key) {
    return endings.entrySet().stream()
        .filter(entry -> entry.getKey().matches(key))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private Optional<Door> below(String key) {
    for (int slash = key.lastIndexOf('/'); slash >= 0; slash = key.lastIndexOf('/', slash - 1)) {
      var door = folders.get(key.substring(0, slash + 1));
      if (door != null) {
        return Optional.of(door);
      }
    }
    return Optional.empty();
  }

  private void missing(HttpServerRequest request) {
    delivery.send(request.response(), Reply.text(404, "nothing at " + request.path() + "\n"));
  }

  private void pass(HttpServerRequest request, Buffer body, Door door) {
    var response = request.response();
    if (body.length() > LARGEST_BODY) {
      delivery.send(response, Reply.text(413, "too large\n"));
      return;
    }
    var ask = Ask.of(request, body);
    ear.accept(ask);
    var fault = door.faults().take();
    if (fault.isPresent() && fault.get() instanceof Fault.Refuse refuse) {
      delivery.send(response, door.refusal().reply(ask, refuse));
      return;
    }
    if (fault.isPresent() && fault.get() instanceof Fault.Close close) {
      delivery.send(response, Reply.text(503, ""), close);
      return;
    }
    try {
      door.endpoint()
          .answer(ask)
          .onSuccess(reply ->
              fault.ifPresentOrElse(
                  f -> delivery.send(response, reply, f), () -> delivery.send(response, reply)))
          .onFailure(e -> broken(response, e));
    } catch (IllegalArgumentException e) {
      delivery.send(response, Reply.text(400, "malformed request\n"));
    } catch (RuntimeException e) {
      broken(response, e);
    }
  }

  private void broken(io.vertx.core.http.HttpServerResponse response, Throwable e) {
    // The sandbox is for developers: a bug in it should be seen where it is met.
    System.getLogger("sandbox").log(System.Logger.Level.ERROR, "a stand-in failed", e);
    delivery.send(response, Reply.text(500, "the stand-in failed: " + e + "\n"));
  }
}
