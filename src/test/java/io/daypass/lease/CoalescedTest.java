package io.daypass.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CoalescedTest {

  private final AtomicInteger runs = new AtomicInteger();
  private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});

  private final Coalesced task =
      new Coalesced(() -> {
        runs.incrementAndGet();
        meanwhile.getAndSet(() -> {}).run();
      });

  @Test
  void whoever_asks_while_it_runs_is_one_more_run_however_many_they_are() {
    meanwhile.set(() -> {
      for (var n = 0; n < 10; n++) {
        task.run();
      }
    });
    task.run();
    assertThat(runs).hasValue(2);
    task.run();
    assertThat(runs).hasValue(3);
  }

  @Test
  void a_failure_goes_to_who_asked_and_does_not_end_it() {
    meanwhile.set(() -> {
      throw new IllegalStateException("away");
    });
    assertThatThrownBy(task::run).isInstanceOf(IllegalStateException.class);
    task.run();
    assertThat(runs).hasValue(2);
  }
}
