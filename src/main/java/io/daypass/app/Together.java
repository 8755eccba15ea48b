package io.daypass.app;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What is done at the same time, each part on a thread of its own. */
final class Together {

  private Together() {}

  /** Returns when all parts are over; whether each was done. One that throws was not. */
  static boolean all(ThreadFactory threads, Stream<BooleanSupplier> parts) {
    var undone = new AtomicInteger();
    var begun =
        parts
            .map(part ->
                threads.newThread(() -> {
                  undone.incrementAndGet();
                  if (part.getAsBoolean()) {
                    undone.decrementAndGet();
                  }
                }))
            .toList();
    begun.forEach(Thread::start);
    for (var thread : begun) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return undone.get() == 0;
  }
}
