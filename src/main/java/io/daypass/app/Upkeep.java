package io.daypass.app;

import io.daypass.log.Guarded;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks that are run again and again, each on a virtual thread of its own: one that hangs delays no
 * other. A failure is logged and the task comes again.
 */
final class Upkeep implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final ThreadFactory threads;
  private final RandomGenerator jitter;
  private final List<Thread> running = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  Upkeep(ThreadFactory threads, RandomGenerator jitter) {
    this.threads = threads;
    this.jitter = jitter;
  }

  /**
   * Runs {@code task} now and then about every {@code pause}, spread so that replicas take turns;
   * not at all once this has ended.
   */
  void every(Duration pause, String name, Runnable task) {
    var thread =
        threads.newThread(() -> {
          while (!over) {
            run(name, task);
            if (!sleep(pause.toMillis())) {
              return;
            }
          }
        });
    running.add(thread);
    thread.start();
  }

  /** Runs {@code task} now, beside everything else. */
  void now(String name, Runnable task) {
    threads.newThread(() -> run(name, task)).start();
  }

  private static void run(String name, Runnable task) {
    Guarded.run(
        task,
        e ->
            LOG.atWarn()
                .addKeyValue("task", name)
                .addKeyValue("failure", e.getClass().getName())
                .log("upkeep.failed"));
  }

  private boolean sleep(long millis) {
    try {
      Thread.sleep(millis - millis / 10 + jitter.nextLong(millis / 5 + 1));
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }

  @Override
  public void close() {
    over = true;
    running.forEach(Thread::interrupt);
  }
}
