package io.daypass.postgres;

import io.daypass.request.StoreUnavailableException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * One statement for several who ask at the same time: whoever comes while one is under way joins
 * the next. Nobody waits for company, and everybody for their own commit.
 *
 * @param <Q> what one asks
 */
final class SharedStatement<Q> {

  private static final Duration DEADLINE = Duration.ofSeconds(6);
  // A statement that takes longer is held up, by a lock or a lost connection; others go on.
  private static final long HELD_UP_MILLIS = 250;
  private static final int MOST = 64;

  private final Database database;
  private final Function<List<Q>, Sql> sql;
  private final ConcurrentLinkedQueue<Asked<Q>> queue = new ConcurrentLinkedQueue<>();
  private final Semaphore lanes = new Semaphore(1);

  /**
   * Over {@code database}.
   *
   * @param sql what answers several, one row each, with their place from 1 on as {@code item}
   */
  SharedStatement(Database database, Function<List<Q>, Sql> sql) {
    this.database = database;
    this.sql = sql;
  }

  /** A statement and its parameters. */
  record Sql(String text, Tuple parameters) {}

  private record Asked<Q>(Q question, CompletableFuture<Row> answer, long began) {

    Duration left() {
      return DEADLINE.minusNanos(System.nanoTime() - began);
    }
  }

  /**
   * The row that answers {@code question}, committed.
   *
   * @throws StoreUnavailableException if it is not known what became of it
   */
  Row ask(Q question) {
    var asked = new Asked<>(question, new CompletableFuture<Row>(), System.nanoTime());
    queue.add(asked);
    drive();
    try {
      return asked.answer().get();
    } catch (ExecutionException e) {
      return alone(question, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      asked.answer().cancel(false);
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(e);
    }
  }

  // The server rolled it back, because of one of them or of others it met, so each goes on alone.
  // Should it have been committed all the same, a second intent or outcome is refused there.
  private Row alone(Q question, Throwable cause) {
    if (cause instanceof Spoiled spoiled
        && (spoiled.getCause() instanceof PgException || spoiled.getCause() instanceof NotSent)) {
      var one = sql.apply(List.of(question));
      return database.row(one.text(), one.parameters());
    }
    throw Trouble.of(cause);
  }

  /** What happened to a statement that can be tried again alone. */
  private static final class Spoiled extends Exception {
    private static final long serialVersionUID = 1L;

    Spoiled(Throwable cause) {
      super(cause);
    }
  }

  // A lane is taken first, so that whoever asks while it is taken wakes nobody.
  private void drive() {
    while (!queue.isEmpty() && lanes.tryAcquire()) {
      database.whereShared(this::serve);
    }
  }

  private void serve() {
    var together = next();
    if (together.isEmpty()) {
      lanes.release();
      drive();
    } else {
      send(together);
    }
  }

  private List<Asked<Q>> next() {
    var together = new ArrayList<Asked<Q>>();
    for (var asked = queue.poll(); asked != null; asked = queue.poll()) {
      if (!asked.left().isPositive()) {
        asked.answer().completeExceptionally(new TimeoutException("had to wait too long"));
      }
      // Who gave up is not asked for any more.
      if (!asked.answer().isDone()) {
        together.add(asked);
      }
      if (together.size() == MOST) {
        break;
      }
    }
    return together;
  }

  private void send(List<Asked<Q>> together) {
    var lane = new AtomicBoolean(true);
    var timer = database.timer(HELD_UP_MILLIS, () -> leave(lane));
    execute(together)
        .onComplete(rows -> {
          timer.cancel();
          try {
            // The next one first: the database need not wait while these are told.
            leave(lane);
          } finally {
            settle(together, rows);
          }
        });
  }

  private static <Q> void settle(List<Asked<Q>> together, AsyncResult<RowSet<Row>> rows) {
    if (rows.failed()) {
      fail(together, together.size() > 1, rows.cause());
      return;
    }
    for (var row : rows.result()) {
      together.get(Math.toIntExact(row.getLong("item")) - 1).answer().complete(row);
    }
    // An answer that is missing is not known. An exception is made for that alone: to make one for
    // every statement took a fortieth of the service's time.
    var missing = together.stream().filter(asked -> !asked.answer().isDone()).toList();
    if (!missing.isEmpty()) {
      fail(missing, together.size() > 1, new IllegalStateException("no row for an item"));
    }
  }

  private static <Q> void fail(List<Asked<Q>> asked, boolean withOthers, Throwable cause) {
    var failure = withOthers || Database.mayRepeat(cause) ? new Spoiled(cause) : cause;
    asked.forEach(one -> one.answer().completeExceptionally(failure));
  }

  private Future<RowSet<Row>> execute(List<Asked<Q>> together) {
    try {
      var all = sql.apply(together.stream().map(Asked::question).toList());
      // Those who came first are the first.
      return database.sharedRows(all.text(), all.parameters(), together.getFirst().left());
    } catch (RuntimeException e) {
      return Future.failedFuture(new NotSent(e));
    }
  }

  /** One of them cannot be put into a statement; the database was not asked. */
  private static final class NotSent extends Exception {
    private static final long serialVersionUID = 1L;

    NotSent(Throwable cause) {
      super(cause);
    }
  }

  private void leave(AtomicBoolean lane) {
    if (lane.compareAndSet(true, false)) {
      lanes.release();
      drive();
    }
  }
}
