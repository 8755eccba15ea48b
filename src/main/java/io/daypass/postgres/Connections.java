package io.daypass.postgres;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;

/**
 * Connections that are lent for one statement each, all on one event loop. For another loop that
 * asks, a pool makes a connection rather than lend one that is idle, and a new session has all its
 * plans to make.
 */
final class Connections {

  private final Pool pool;
  private final Context loop;

  private Connections(Pool pool, Context loop) {
    this.pool = pool;
    this.loop = loop;
  }

  /** Up to {@code most} to the server of {@code address} that takes writes; none is made yet. */
  static Connections to(Vertx vertx, DatabaseAddress address, int most, String name) {
    return new Connections(pool(vertx, address, options(most, name)), vertx.getOrCreateContext());
  }

  private static PoolOptions options(int most, String name) {
    return new PoolOptions()
        .setName(name)
        .setShared(false)
        .setMaxSize(most)
        .setMaxWaitQueueSize(2_000)
        .setConnectionTimeout(2)
        .setConnectionTimeoutUnit(TimeUnit.SECONDS)
        .setIdleTimeout(15)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        // After a fail-over, connections to a server that no longer takes writes go soon.
        .setMaxLifetime(60)
        .setMaxLifetimeUnit(TimeUnit.SECONDS);
  }

  private static Pool pool(Vertx vertx, DatabaseAddress address, PoolOptions options) {
    var servers = address.hosts().stream().map(host -> Database.connect(address, host)).toList();
    // A connection on which a statement goes unanswered is never given back: it must die by itself.
    var transport = new NetClientOptions().setConnectTimeout(2_000).setReadIdleTimeout(20);
    return PgBuilder.pool()
        .with(options)
        .with(transport)
        .connectingTo(() -> new Primary(vertx, servers).find())
        .using(vertx)
        .build();
  }

  /** The rows of {@code sql} when they are there; no thread waits, and nothing is repeated. */
  Future<RowSet<Row>> rows(String sql, Tuple parameters) {
    Promise<RowSet<Row>> rows = Promise.promise();
    // Given back before its rows are told of: for the next statement, sent then, a connection would
    // else be made.
    loop.runOnContext(_ ->
        pool.getConnection()
            .compose(connection ->
                connection.preparedQuery(sql).execute(parameters).eventually(connection::close))
            .onComplete(rows));
    return rows.future();
  }

  Future<Void> close() {
    return pool.close();
  }
}
