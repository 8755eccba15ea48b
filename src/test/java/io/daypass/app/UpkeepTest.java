package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
}
