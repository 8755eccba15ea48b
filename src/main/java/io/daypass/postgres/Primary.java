package io.daypass.postgres;

import static java.util.function.Predicate.not;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Finds the one server among several that takes writes, as libpq's {@code
 * target_session_attrs=read-write} does. One that is dead or silent holds nobody up: where no
 * answer comes soon, the next is asked beside it, and the first that takes writes is it.
 */
final class Primary {

  // A connection of the service waits 2 s in all for whoever needs it.
  private static final Duration ALONE = Duration.ofMillis(500);

  private final Vertx vertx;
  private final Duration alone;
  private final ConnectionFactory<PgConnectOptions> connections;
  // The one that was found last comes first.
  private volatile List<PgConnectOptions> servers;

  /**
   * Of the servers of {@code address}.
   *
   * @param alone how long one is asked alone; what it answers later counts, too
   */
  Primary(Vertx vertx, DatabaseAddress address, Duration alone, Patience patience) {
    this.vertx = vertx;
    this.alone = alone;
    this.connections =
        PgDriver.INSTANCE.createConnectionFactory(
            vertx, Connections.transport(patience.connection(), patience.silence()));
    this.servers = address.hosts().stream().map(host -> Database.connect(address, host)).toList();
  }

  static Primary of(Vertx vertx, DatabaseAddress address, Patience patience) {
    return new Primary(vertx, address, ALONE, patience);
  }

  /** A server that stands alone is not asked: whoever connects to it hears what it has to say. */
  Future<SqlConnectOptions> find() {
    var known = servers;
    return known.size() == 1
        ? Future.succeededFuture(known.getFirst())
        : first(known).onSuccess(this::remember).map(found -> found);
  }

  private Future<PgConnectOptions> first(List<PgConnectOptions> unasked) {
    var asked = takesWrites(unasked.getFirst());
    if (unasked.size() == 1) {
      return asked;
    }
    var others =
        asked
            .timeout(alone.toMillis(), TimeUnit.MILLISECONDS)
            .recover(_ -> first(unasked.subList(1, unasked.size())));
    return Future.any(asked, others)
        .map(either -> either.succeeded(0) ? asked.result() : others.result());
  }

  private void remember(PgConnectOptions found) {
    var known = servers;
    if (!found.equals(known.getFirst())) {
      servers = Stream.concat(Stream.of(found), known.stream().filter(not(found::equals))).toList();
    }
  }

  /** {@code server}, if it says so; the connection is closed whenever it says something. */
  private Future<PgConnectOptions> takesWrites(PgConnectOptions server) {
    return connections
        .connect(vertx.getOrCreateContext(), server)
        .compose(connection ->
            connection
                // On for a standby, and for a server that was told to be read only.
                .query("SELECT current_setting('transaction_read_only')::boolean")
                .execute()
                .onComplete(_ -> connection.close())
                .compose(rows ->
                    rows.iterator().next().getBoolean(0)
                        ? Future.failedFuture(new TakesNoWrites())
                        : Future.succeededFuture(server)));
  }

  /** That a server answered, and is not the one that is looked for. */
  static final class TakesNoWrites extends Exception {

    private static final long serialVersionUID = 1L;

    TakesNoWrites() {
      super("this server takes no writes", null, false, false);
    }
  }
}
