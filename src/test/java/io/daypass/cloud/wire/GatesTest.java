package io.daypass.cloud.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.MintException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    var first = gates.place("sts", "1").orElseThrow();
    var second = gates.place("sts", "1").orElseThrow();
    var waiting = new ArrayList<Future<Boolean>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 2; i < 17; i++) {
        waiting.add(threads.submit(() -> came(gates)));
      }
      while (waiting.stream().noneMatch(Future::isDone)) {
        Thread.onSpinWait();
      }
      assertThat(waiting.stream().filter(Future::isDone).map(Future::resultNow))
          .containsExactly(false);
      assertThat(gates.place("sts", "2")).isPresent();
      first.close();
      second.close();
      second.close();
    }
    assertThat(waiting.stream().filter(Future::resultNow)).hasSize(14);
  }

  private static boolean came(Gates gates) {
    var place = gates.place("sts", "1");
    place.ifPresent(Gates.Place::close);
    return place.isPresent();
  }

  @Test
  void a_place_is_good_for_one_passage_and_tells_how_long_it_took() throws Exception {
    var gates = gates(1);
    var place = gates.place("sts", "1").orElseThrow();
    assertThat(place.waited()).isLessThan(Duration.ofSeconds(20));
    assertThat(place.<String>pass(() -> "done")).isEqualTo("done");
    assertThatThrownBy(() -> place.pass(() -> "again")).isInstanceOf(IllegalStateException.class);
    place.close();
    try (var next = gates.place("sts", "1").orElseThrow()) {
      assertThatThrownBy(() ->
              next.pass(() -> {
                throw Failure.lasting(Reason.CLOUD_REFUSED, "a test");
              }))
          .isInstanceOf(Failure.class);
    }
    assertThat(gates.place("sts", "1")).isPresent();
  }

  @Test
  void who_waits_too_long_for_a_place_gets_none_and_leaves_no_trace() {
    var gates = new Gates(limits(Duration.ofMillis(50), 1, Duration.ofMinutes(5)));
    var held = gates.place("sts", "1").orElseThrow();
    for (int i = 0; i < 20; i++) {
      assertThat(gates.place("sts", "1")).isEmpty();
    }
    held.close();
    assertThat(gates.place("sts", "1")).isPresent();
  }

  @Test
  void who_waited_while_those_in_front_failed_gets_no_place() throws Exception {
    var gates = gates(1);
    for (int i = 0; i < 3; i++) {
      fail(gates, "1");
    }
    var last = gates.place("sts", "1").orElseThrow();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> gates.place("sts", "1"));
      assertThatThrownBy(() ->
              last.pass(() -> {
                throw Failure.lasting(Reason.CLOUD_FAILED, "a test");
              }))
          .isInstanceOf(Failure.class);
      assertThat(waiting.get()).isEmpty();
    }
  }

  @Test
  void nobody_is_let_up_to_a_gate_behind_which_all_failed_until_a_while_has_passed()
      throws Exception {
    var gates = new Gates(limits(Duration.ofSeconds(20), 2, Duration.ofMillis(500)));
    for (int i = 0; i < 4; i++) {
      fail(gates, "1");
    }
    assertThat(gates.isShut("sts", "1")).isTrue();
    assertThat(gates.place("sts", "1")).isEmpty();
    assertThat(gates.place("sts", "2")).isPresent();
    while (gates.isShut("sts", "1")) {
      Thread.onSpinWait();
    }
    // Three are let through to see; who only asks or leaves again takes none of their places.
    for (int i = 0; i < 10; i++) {
      gates.place("sts", "1").orElseThrow().close();
    }
    for (int i = 0; i < 3; i++) {
      var place = gates.place("sts", "1").orElseThrow();
      assertThat(place.<String>pass(() -> "again")).isEqualTo("again");
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
