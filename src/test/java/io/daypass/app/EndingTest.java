package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the process says of its end. */
class EndingTest {

  @Test
  void f33_an_end_that_left_nothing_behind_can_be_told_from_one_that_did() {
    assertThat(new Ending(() -> true).code()).isZero();
    assertThat(new Ending(() -> false).code()).isOne();
    assertThat(new Ending(EndingTest::fault).code()).isOne();
  }

  @Test
  void f33_the_service_ends_once_and_all_who_ask_for_it_wait_for_that() throws Exception {
    var ended = new AtomicInteger();
    var begun = new CountDownLatch(1);
    var hold = new CountDownLatch(1);
    var ending =
        new Ending(() -> {
          begun.countDown();
          ended.incrementAndGet();
          return await(hold);
        });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = CompletableFuture.supplyAsync(ending::code, threads);
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      var second = CompletableFuture.supplyAsync(ending::code, threads);
      assertThat(first).isNotDone();
      hold.countDown();
      assertThat(first.get(20, TimeUnit.SECONDS)).isZero();
      assertThat(second.get(20, TimeUnit.SECONDS)).isZero();
    }
    assertThat(ended).hasValue(1);
  }

  @Test
  void f33_what_is_done_together_is_done_when_each_part_is() {
    assertThat(all(() -> true, () -> true)).isTrue();
    assertThat(all(() -> true, () -> false)).isFalse();
    assertThat(all(EndingTest::fault, () -> true)).isFalse();
    assertThat(all()).isTrue();
  }

  private static boolean all(BooleanSupplier... parts) {
    var quiet = Thread.ofVirtual().uncaughtExceptionHandler((_, _) -> {}).factory();
    return Together.all(quiet, Stream.of(parts));
  }

  private static boolean fault() {
    throw new IllegalStateException("bug");
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
