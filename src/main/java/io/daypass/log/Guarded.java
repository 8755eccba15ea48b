package io.daypass.log;

import java.util.function.Consumer;

/** For what comes again and again: nothing that goes wrong once may end it for good, unnoticed. */
public final class Guarded {

  private Guarded() {}

  /**
   * Runs {@code task}; whatever it throws is told to {@code failed}, which logs it, and goes no
   * further. That is more than exceptions: a stack that was too small, a library that is gone.
   */
  public static void run(Runnable task, Consumer<Throwable> failed) {
    try {
      task.run();
    } catch (Throwable e) {
      failed.accept(e);
    }
  }
}
