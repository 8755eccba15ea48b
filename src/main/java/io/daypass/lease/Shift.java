package io.daypass.lease;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Does what is due, each piece on a thread of its own, no more at a time than it has room for.
 * Every replica has one for each kind of work; which of them does what is settled where the work is
 * claimed, so that no lock is held while it is done.
 *
 * @param <T> a piece of work, claimed
 */
public final class Shift<T> {

  private final int atOnce;
  private final IntFunction<List<T>> claim;
  private final Consumer<T> work;
  private final ThreadFactory threads;
  private final Semaphore room;
  private final Coalesced begin = new Coalesced(this::begin);
  private volatile boolean mayBeMore;
  private volatile boolean over;

  /**
   * A shift that has begun.
   *
   * @param claim takes on at most so many pieces, for as long as their lease runs
   * @param work does one; what it throws ends its thread and nothing else
   */
  public Shift(int atOnce, IntFunction<List<T>> claim, Consumer<T> work, ThreadFactory threads) {
    this.atOnce = atOnce;
    this.claim = claim;
    this.work = work;
    this.threads = threads;
    this.room = new Semaphore(atOnce);
  }

  /**
   * Takes on what is due, and returns without waiting for it to be done; what there was no room for
   * follows as room is made. Calls at the same time are one, and none of them is lost.
   */
  public void run() {
    begin.run();
  }

  private void begin() {
    var free = over ? 0 : room.drainPermits();
    if (free == 0) {
      // The others see what this replica has no room for, or it does when it has.
      return;
    }
    mayBeMore = false;
    var begun = 0;
    try {
      var pieces = claim.apply(free);
      mayBeMore = pieces.size() >= free;
      for (var claimed : pieces) {
        threads.newThread(() -> doAndMakeRoom(claimed)).start();
        begun++;
      }
    } finally {
      room.release(free - begun);
    }
  }

  private void doAndMakeRoom(T claimed) {
    try {
      work.accept(claimed);
    } finally {
      room.release();
      if (mayBeMore) {
        follow();
      }
    }
  }

  /** A backlog is not to wait for the next turn. */
  private void follow() {
    try {
      begin.run();
    } catch (RuntimeException _) {
      // The next turn claims again, and says so if it cannot.
    }
  }

  /**
   * Takes on nothing more, and waits until what was begun is done, for {@code patience} at most.
   *
   * @return whether it is
   */
  public boolean end(Duration patience) {
    over = true;
    try {
      var done = room.tryAcquire(atOnce, patience.toMillis(), TimeUnit.MILLISECONDS);
      if (done) {
        room.release(atOnce);
      }
      return done;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
