package io.daypass.web;

import org.jspecify.annotations.Nullable;

/**
 * Who waits for the answer of a call. Some do not wait for long; the work for them goes on, and
 * asks here before it spends anything.
 */
public final class Waiter {

  private @Nullable Answer onLeaving;
  private boolean gone;
  private Runnable afterwards = () -> {};

  /**
   * Whether they are still there. If so, something is spent for them from now on, and should they
   * leave after all, they are told {@code late}.
   */
  public synchronized boolean stays(Answer late) {
    if (!gone) {
      onLeaving = late;
    }
    return !gone;
  }

  /** They do not wait any more; what they are told, which is {@code late} if nothing was spent. */
  synchronized Answer leaves(Answer late) {
    gone = true;
    return onLeaving == null ? late : onLeaving;
  }

  /** Has {@code task} run when they have their answer, or are not there to have it. */
  public synchronized void afterwards(Runnable task) {
    afterwards = task;
  }

  void served() {
    Runnable task;
    synchronized (this) {
      task = afterwards;
      afterwards = () -> {};
    }
    task.run();
  }
}
