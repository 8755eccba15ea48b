package io.daypass.postgres;

import java.util.function.IntSupplier;

/**
 * What is over is deleted in statements that are short, until there is less than one takes: a fixed
 * number of them would fall behind whoever writes more.
 */
final class Bites {

  /** What is more than this is for the next turn. */
  private static final int MOST = 100;

  private Bites() {}

  /**
   * Calls {@code bite} until it deletes less than {@code size} rows, or the thread is interrupted.
   *
   * @param bite deletes at most so many; answers how many
   */
  static void take(int size, IntSupplier bite) {
    for (var taken = 0; taken < MOST && !Thread.currentThread().isInterrupted(); taken++) {
      if (bite.getAsInt() < size) {
        return;
      }
    }
  }
}
