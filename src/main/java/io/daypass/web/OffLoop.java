package io.daypass.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs blocking work on a virtual thread of its own and hands its result back on the event loop
 * that asked. A bounded number at a time: a thread is cheap, what it waits for is not.
 */
final class OffLoop {

  private final Executor threads;
  private final int most;
  private final Semaphore places;

  OffLoop(Executor threads, int most) {
    this.threads = threads;
    this.most = most;
    this.places = new Semaphore(most);
  }

  /** What becomes of {@code blocking}; empty if every place is taken. Called on an event loop. */
  <T> Optional<Future<T>> run(Vertx vertx, Supplier<T> blocking) {
    if (!places.tryAcquire()) {
      return Optional.empty();
    }
    // A promise made on a context completes there, whichever thread completes it.
    Promise<T> promise = Promise.promise();
    var context = vertx.getOrCreateContext();
    try {
      threads.execute(() -> {
        try {
          var result = blocking.get();
          context.runOnContext(_ -> promise.complete(result));
        } catch (Throwable e) {
          // Errors too: the caller gets its 500 and the place is given back.
          context.runOnContext(_ -> promise.fail(e));
        } finally {
          places.release();
        }
      });
    } catch (RejectedExecutionException _) {
      places.release();
      return Optional.empty();
    }
    return Optional.of(promise.future());
  }

  /** Waits until nothing is in flight, and lets nothing more begin; false if it took too long. */
  boolean close(Duration atMost) throws InterruptedException {
    return places.tryAcquire(most, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
