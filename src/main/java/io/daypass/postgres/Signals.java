package io.daypass.postgres;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other replicas say through the database: {@code keys} when a signing key was added, {@code
 * request ID} when a request changed, {@code bindings} when one of them must go, {@code notices}
 * when there is something to tell. A signal that is lost costs nothing but time: everything it
 * speaks of is read again where it matters.
 */
public final class Signals implements AutoCloseable {

  // A server that takes no more writes hears nothing; one that is gone does not always say so.
  private static final Duration LIFE = Duration.ofSeconds(60);
  private static final long PATIENCE_MILLIS = 10_000;

  private final Vertx vertx;
  private final Context loop;
  private final Primary servers;
  private final ConnectionFactory<PgConnectOptions> connections;
  private final Consumer<String> listener;
  private final Duration life;
  // Changed on the loop only.
  private @Nullable PgConnection listening;
  private int failures;
  private boolean over;

  private Signals(Vertx vertx, Primary servers, Consumer<String> listener, Duration life) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.servers = servers;
    // Longer than it lives: nobody may have anything to say all that time.
    var silence = life.plusMillis(PATIENCE_MILLIS);
    this.connections =
        PgDriver.INSTANCE.createConnectionFactory(
            vertx, Connections.transport(Patience.SERVICE.connection(), silence));
    this.listener = listener;
    this.life = life;
  }

  /**
   * Listens at the server that takes writes, and again whenever the connection is lost or none can
   * be had.
   */
  public static Signals listen(Vertx vertx, DatabaseAddress address, Consumer<String> listener) {
    return listen(vertx, address, listener, LIFE);
  }

  /**
   * The same.
   *
   * @param life after so long the server that takes writes is looked for anew
   */
  static Signals listen(
      Vertx vertx, DatabaseAddress address, Consumer<String> listener, Duration life) {
    var signals = new Signals(vertx, Primary.of(vertx, address, Patience.SERVICE), listener, life);
    signals.loop.runOnContext(_ -> signals.begin());
    return signals;
  }

  private void begin() {
    if (over) {
      return;
    }
    var begun = servers.find().compose(server -> listen(new PgConnectOptions(server)));
    begun
        .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .onComplete(begin -> {
          if (begin.succeeded()) {
            begun(begin.result());
          } else {
            // One that comes too late is not wanted any more.
            begun.onSuccess(PgConnection::close);
            failures++;
            vertx.setTimer(Math.min(5_000L, 100L * failures), _ -> begin());
          }
        });
  }

  private Future<PgConnection> listen(PgConnectOptions server) {
    return connections
        .connect(loop, server)
        .map(PgConnection::cast)
        .compose(connection -> {
          connection.notificationHandler(signal -> listener.accept(signal.getPayload()));
          // The driver would print, past the log, what a server says that ends it.
          connection.exceptionHandler(_ -> {});
          return connection
              .query("LISTEN daypass")
              .execute()
              .map(connection)
              .onFailure(_ -> connection.close());
        });
  }

  private void begun(PgConnection connection) {
    failures = 0;
    listening = connection;
    var end = vertx.setTimer(life.toMillis(), _ -> connection.close());
    connection.closeHandler(_ -> {
      vertx.cancelTimer(end);
      begin();
    });
    if (over) {
      connection.close();
    }
  }

  @Override
  public void close() {
    loop.runOnContext(_ -> {
      over = true;
      if (listening != null) {
        listening.close();
      }
    });
  }
}
