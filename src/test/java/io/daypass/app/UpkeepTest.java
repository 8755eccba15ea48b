package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UpkeepTest {

  @Test
  void f34_a_task_comes_again_whatever_went_wrong_with_it() throws Exception {
    var often = new AtomicInteger();
    var again = new CountDownLatch(4);
    try (var upkeep = new Upkeep(Thread.ofVirtual().factory(), new Random(1))) {
      upkeep.every(
          Duration.ofMillis(1),
          "task",
          () -> {
            again.countDown();
            switch (often.getAndIncrement()) {
              case 0 -> throw new IllegalStateException("bug");
              case 1 -> throw new StackOverflowError();
              case 2 -> throw new NoClassDefFoundError("gone");
              default -> {}
            }
          });
      assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void nothing_begins_and_nothing_goes_on_once_it_has_ended() throws Exception {
    for (var round = 0; round < 200; round++) {
      var upkeep = new Upkeep(Thread.ofVirtual().factory(), new Random(1));
      var begins =
          Thread.ofVirtual()
              .start(() -> {
                for (var n = 0; n < 20; n++) {
                  upkeep.every(Duration.ofMillis(1), "task", () -> {});
                }
              });
      assertThatCode(upkeep::close).doesNotThrowAnyException();
      begins.join();
    }
    var threads = new ArrayList<Thread>();
    var upkeep =
        new Upkeep(
            task -> {
              var thread = Thread.ofVirtual().unstarted(task);
              threads.add(thread);
              return thread;
            },
            new Random(1));
    var runs = new AtomicInteger();
    upkeep.every(Duration.ofHours(1), "task", runs::incrementAndGet);
    upkeep.close();
    upkeep.every(Duration.ofMillis(1), "late", () -> runs.addAndGet(1000));
    for (var thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(runs).hasValueLessThan(1000);
  }
}
