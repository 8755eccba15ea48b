package io.daypass.e2e;

import java.time.Duration;

/** Waits for what comes by itself; how long it took is never judged. */
public final class Until {

  /** Usually enough for anything, also on a machine that has other things to do. */
  public static final Duration LONG = Duration.ofSeconds(40);

  private Until() {}

  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  public static void holds(String what, Condition condition) throws InterruptedException {
    holds(what, LONG, condition);
  }

  public static void holds(String what, Duration patience, Condition condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError("while waiting until " + what, e);
      }
      Thread.sleep(25);
    }
    throw new AssertionError("waited " + patience + " in vain until " + what);
  }
}
