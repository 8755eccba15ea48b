package io.daypass.sandbox.run;

import java.util.ArrayDeque;

/** What was started, stopped in the opposite order. */
public final class Stack implements AutoCloseable {

  private final ArrayDeque<AutoCloseable> started = new ArrayDeque<>();
  private boolean closing;

  /** Stops {@code one} at the end; at once, if the end has come. */
  public <T extends AutoCloseable> T add(T one) {
    synchronized (started) {
      if (!closing) {
        started.push(one);
        return one;
      }
    }
    stop(one);
    return one;
  }

  public boolean closing() {
    synchronized (started) {
      return closing;
    }
  }

  @Override
  public void close() {
    synchronized (started) {
      closing = true;
    }
    while (!started.isEmpty()) {
      stop(started.pop());
    }
  }

  private static void stop(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      System.err.println("daypass: error: the sandbox does not stop cleanly: " + e.getMessage());
    }
  }
}
