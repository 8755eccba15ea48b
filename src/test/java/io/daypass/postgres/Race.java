package io.daypass.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Several things done at once. */
final class Race {

  private Race() {}

  /** What each of {@code runners} answered, all let go at the same moment. */
  static <T> List<T> of(List<Callable<T>> runners) {
    var barrier = new CyclicBarrier(runners.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<T>>();
      for (var runner : runners) {
        running.add(
            threads.submit(() -> {
              barrier.await(30, TimeUnit.SECONDS);
              return runner.call();
            }));
      }
      var answers = new ArrayList<T>();
      for (var future : running) {
        answers.add(future.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static <T> List<T> of(Callable<T> one, Callable<T> other) {
    return of(List.of(one, other));
  }

  static <T> List<T> times(int count, Callable<T> runner) {
    return of(java.util.Collections.nCopies(count, runner));
  }
}
