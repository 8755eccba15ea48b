package io.daypass.postgres;

import io.vertx.core.Vertx;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.function.Consumer;

/**
 * What other replicas say through the database: {@code keys} when a signing key was added, {@code
 * request ID} when a request changed, {@code bindings} when one of them must go, {@code notices}
 * when there is something to tell. A signal that is lost costs nothing but time: everything it
 * speaks of is read again where it matters.
 */
public final class Signals implements AutoCloseable {

  private final PgSubscriber subscriber;

  private Signals(PgSubscriber subscriber) {
    this.subscriber = subscriber;
  }

  /** Listens, and connects again whenever the connection is lost. */
  public static Signals listen(Vertx vertx, DatabaseAddress address, Consumer<String> listener) {
    var options = Database.connect(address, address.hosts().getFirst());
    var subscriber = PgSubscriber.subscriber(vertx, options);
    subscriber.reconnectPolicy(attempt -> Math.min(5_000L, 100L * (attempt + 1)));
    var channel = subscriber.channel("daypass").handler(listener::accept);
    // Each time it listens, over whichever connection: the driver would print, past the log, what a
    // server says that ends it.
    channel.subscribeHandler(_ -> subscriber.actualConnection().exceptionHandler(_ -> {}));
    subscriber.connect();
    return new Signals(subscriber);
  }

  @Override
  public void close() {
    subscriber.close();
  }
}
