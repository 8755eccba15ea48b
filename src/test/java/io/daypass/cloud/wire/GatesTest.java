package io.daypass.cloud.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Turn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many are let up to a cloud, and how many into it. */
@Timeout(60)
class GatesTest {

  private static Limits limits(Duration total, int concurrent, Duration breakFor) {
    return new Limits(total, total, total, 1, Duration.ofMillis(1), concurrent, 4, breakFor);
  }

  private static Gates gates(int concurrent) {
    return new Gates(limits(Duration.ofSeconds(20), concurrent, Duration.ofMinutes(5)));
  }

  private static void fail(Gates gates, String account) {
    assertThatThrownBy(() ->
            gates.pass(
                "sts",
                account,
                () -> {
                  throw Failure.lasting(Reason.CLOUD_FAILED, "a test");
                }))
        .isInstanceOf(Failure.class);
  }

  @Test
  void eight_times_as_many_are_let_up_to_a_gate_as_through_it_and_then_no_more() {
    var gates = gates(2);
    var turns = new ArrayDeque<Turn>();
    for (int i = 0; i < 16; i++) {
      turns.add(gates.turn("sts", "1").orElseThrow());
    }
    assertThat(gates.turn("sts", "1")).isEmpty();
    assertThat(gates.turn("sts", "2")).isPresent();
    turns.remove().close();
    assertThat(gates.turn("sts", "1")).isPresent();
  }

  @Test
  void nobody_is_let_up_to_a_gate_behind_which_all_failed_until_a_while_has_passed()
      throws Exception {
    var gates = new Gates(limits(Duration.ofSeconds(20), 2, Duration.ofMillis(50)));
    for (int i = 0; i < 4; i++) {
      fail(gates, "1");
    }
    assertThat(gates.turn("sts", "1")).isEmpty();
    assertThat(gates.turn("sts", "2")).isPresent();
    while (gates.turn("sts", "1").isEmpty()) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < 3; i++) {
      assertThat(gates.<String>pass("sts", "1", () -> "again")).isEqualTo("again");
    }
    assertThat(gates.closed()).isZero();
  }

  @Test
  void who_waits_too_long_for_a_turn_is_told_so() throws Exception {
    var gates = new Gates(limits(Duration.ofMillis(50), 1, Duration.ofMinutes(5)));
    var in = new CountDownLatch(1);
    var out = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(() ->
              gates.pass(
                  "sts",
                  "1",
                  () -> {
                    in.countDown();
                    await(out);
                    return "done";
                  }));
      in.await();
      assertThatThrownBy(() -> gates.pass("sts", "1", () -> "too late"))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_BUSY));
      out.countDown();
      assertThat(first.get()).isEqualTo("done");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
