package io.daypass.postgres;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Connections that are lent for one statement each, all on one event loop. For another loop that
 * asks, a pool makes a connection rather than lend one that is idle, and a new session has all its
 * plans to make.
 *
 * <p>A server that says it takes no more writes (SQLSTATE 25006) is left with all its connections:
 * the next ones are made to the server that takes them.
 */
final class Connections {

  private static final String READ_ONLY = "25006";
  // Statements that are under way there are answered or given up by then.
  private static final long LEFT_MILLIS = 10_000;
  // While no server takes writes, the same ones are not asked again for every statement.
  private static final long SPACING_MILLIS = 1_000;

  private final Vertx vertx;
  private final Supplier<Pool> opening;
  private final Context loop;
  // Changed on the loop only.
  private volatile Pool pool;
  private boolean justOpened;

  private Connections(Vertx vertx, Supplier<Pool> opening) {
    this.vertx = vertx;
    this.opening = opening;
    this.loop = vertx.getOrCreateContext();
    this.pool = opening.get();
  }

  /** Up to {@code most} to the server of {@code address} that takes writes; none is made yet. */
  static Connections to(
      Vertx vertx, DatabaseAddress address, int most, String name, Patience patience) {
    var primary = Primary.of(vertx, address, patience);
    var wait = patience.connection();
    return new Connections(vertx, () -> pool(vertx, primary, options(most, name, wait), wait));
  }

  private static PoolOptions options(int most, String name, Duration wait) {
    return new PoolOptions()
        .setName(name)
        .setShared(false)
        .setMaxSize(most)
        .setMaxWaitQueueSize(2_000)
        .setConnectionTimeout(Math.toIntExact(wait.toSeconds()))
        .setConnectionTimeoutUnit(TimeUnit.SECONDS)
        .setIdleTimeout(15)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        // A server that takes no more writes may still be read: that ends soon, too.
        .setMaxLifetime(60)
        .setMaxLifetimeUnit(TimeUnit.SECONDS);
  }

  private static Pool pool(Vertx vertx, Primary primary, PoolOptions options, Duration wait) {
    return PgBuilder.pool()
        .with(options)
        // A connection on which a statement goes unanswered is never given back: it must die by
        // itself.
        .with(transport(wait, Duration.ofSeconds(20)))
        .connectingTo(primary::find)
        .using(vertx)
        .build();
  }

  /**
   * For connections that are there within {@code wait}, and end when the server is silent for so
   * long, also before it let us in.
   */
  static NetClientOptions transport(Duration wait, Duration silence) {
    return new NetClientOptions()
        .setConnectTimeout(Math.toIntExact(wait.toMillis()))
        .setReadIdleTimeout(Math.toIntExact(silence.toSeconds()));
  }

  /**
   * The rows of {@code sql} when they are there, or a {@link TimeoutException} after {@code
   * within}: then it is not known what became of it. No thread waits, and nothing is repeated. It
   * is the loop that looks at the time: a virtual thread that waits no longer than so long wakes
   * another one, once to have itself woken and once to call that off.
   */
  Future<RowSet<Row>> rows(String sql, Tuple parameters, Duration within) {
    Promise<RowSet<Row>> rows = Promise.promise();
    onLoop(() ->
        lend(pool, sql, parameters)
            .timeout(within.toMillis(), TimeUnit.MILLISECONDS)
            .onComplete(rows));
    return rows.future();
  }

  /** Runs {@code task} on the event loop: at once where that is what calls. */
  void onLoop(Runnable task) {
    if (loop.equals(Vertx.currentContext())) {
      task.run();
    } else {
      loop.runOnContext(_ -> task.run());
    }
  }

  private Future<RowSet<Row>> lend(Pool lender, String sql, Tuple parameters) {
    return lender
        .getConnection()
        .recover(failure -> Future.failedFuture(named(failure)))
        .compose(connection ->
            connection
                .preparedQuery(sql)
                .execute(parameters)
                .onFailure(failure -> {
                  if (takesNoWrites(failure)) {
                    leave(lender);
                  }
                })
                // Before its rows are told of: for the next statement, sent then, a connection
                // would else be made.
                .eventually(connection::close));
  }

  /** The pool has a word, and no type of its own, for that nobody was let in in time. */
  private static Throwable named(Throwable failure) {
    return failure instanceof VertxException && "Timeout".equals(failure.getMessage())
        ? new TimeoutException("no connection in time")
        : failure;
  }

  /** Whether the server refused a write because it takes none; nothing was done. */
  static boolean takesNoWrites(Throwable failure) {
    return failure instanceof PgException pg && READ_ONLY.equals(pg.getSqlState());
  }

  private void leave(Pool left) {
    if (!left.equals(pool) || justOpened) {
      return;
    }
    pool = opening.get();
    justOpened = true;
    vertx.setTimer(SPACING_MILLIS, _ -> justOpened = false);
    vertx.setTimer(LEFT_MILLIS, _ -> left.close());
  }

  Future<Void> close() {
    return pool.close();
  }
}
