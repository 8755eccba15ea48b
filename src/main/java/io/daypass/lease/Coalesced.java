package io.daypass.lease;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A task that many may ask for at the same time: whoever comes while it runs does not wait, and it
 * runs once more for all of them.
 */
public final class Coalesced implements Runnable {

  private final Runnable task;
  private final AtomicInteger asked = new AtomicInteger();

  public Coalesced(Runnable task) {
    this.task = task;
  }

  /** What the task throws goes to the caller that runs it; who asked meanwhile asks again. */
  @Override
  public void run() {
    if (asked.getAndIncrement() > 0) {
      return;
    }
    var done = false;
    try {
      for (var seen = 0; !asked.compareAndSet(seen, 0); ) {
        seen = asked.get();
        task.run();
      }
      done = true;
    } finally {
      if (!done) {
        asked.set(0);
      }
    }
  }
}
