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
 * that asked. A bounded number at a time, of each household and of all: a thread is cheap, what it
 * waits for is not.
 */
final class OffLoop {

  private final Executor threads;
  private final int most;
  private final int each;
  private final Semaphore places;
  private final Shares<String> households = new Shares<>();

  OffLoop(Executor threads, int most) {
    this(threads, most, most);
  }

  /**
   * So many places.
   *
   * @param each how many of them one household may hold
   */
  OffLoop(Executor threads, int most, int each) {
    this.threads = threads;
    this.most = most;
    this.each = each;
    this.places = new Semaphore(most);
  }

  /**
   * What becomes of {@code blocking}, which {@code peer} wants; empty if every place is taken that
   * it may have. Called on an event loop.
   */
  <T> Optional<Future<T>> run(Vertx vertx, String peer, Supplier<T> blocking) {
    var household = each < most ? Peers.household(peer) : "";
    if (!take(household)) {
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
          giveBack(household);
        }
      });
    } catch (RejectedExecutionException _) {
      giveBack(household);
      return Optional.empty();
    }
    return Optional.of(promise.future());
  }

  private boolean take(String household) {
    if (each < most && !households.take(household, each)) {
      return false;
    }
    var taken = places.tryAcquire();
    if (!taken && each < most) {
      households.giveBack(household);
    }
    return taken;
  }

  private void giveBack(String household) {
    if (each < most) {
      households.giveBack(household);
    }
    places.release();
  }

  /** Waits until nothing is in flight, and lets nothing more begin; false if it took too long. */
  boolean close(Duration atMost) throws InterruptedException {
    return places.tryAcquire(most, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
