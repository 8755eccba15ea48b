package io.daypass.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ShiftTest {

  private static final ThreadFactory THREADS = Thread.ofVirtual().factory();

  private final ConcurrentLinkedQueue<String> due = new ConcurrentLinkedQueue<>();
  private final List<Integer> asked = new ArrayList<>();

  private List<String> claim(int most) {
    asked.add(most);
    var claimed = new ArrayList<String>();
    while (claimed.size() < most && !due.isEmpty()) {
      claimed.add(due.remove());
    }
    return claimed;
  }

  @Test
  void no_more_is_taken_on_than_there_is_room_for() throws InterruptedException {
    var hold = new CountDownLatch(1);
    var begun = new CountDownLatch(2);
    var shift =
        new Shift<String>(
            3,
            this::claim,
            _ -> {
              begun.countDown();
              await(hold);
            },
            THREADS);
    due.addAll(List.of("a", "b"));
    shift.run();
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    due.add("c");
    shift.run();
    shift.run();
    // Three places, then one, then none: nobody is asked.
    assertThat(asked).containsExactly(3, 1);
    hold.countDown();
    shift.end(Duration.ofSeconds(20));
  }

  @Test
  void what_there_was_no_room_for_follows_as_room_is_made() throws InterruptedException {
    var done = new CountDownLatch(40);
    var shift = new Shift<String>(4, this::claim, _ -> done.countDown(), THREADS);
    for (var n = 0; n < 40; n++) {
      due.add("piece " + n);
    }
    shift.run();
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(shift.end(Duration.ofSeconds(20))).isTrue();
    assertThat(asked).allMatch(most -> most <= 4);
  }

  @Test
  void a_store_that_goes_away_behind_a_backlog_breaks_nobody_s_thread() throws Exception {
    var broken = new AtomicBoolean();
    var over = new CountDownLatch(1);
    var hold = new CountDownLatch(1);
    ThreadFactory threads =
        task ->
            THREADS.newThread(() -> {
              try {
                task.run();
              } catch (IllegalStateException _) {
                broken.set(true);
              } finally {
                over.countDown();
              }
            });
    due.add("a");
    var shift =
        new Shift<String>(
            1,
            most -> {
              if (due.isEmpty()) {
                throw new IllegalStateException("away");
              }
              return claim(most);
            },
            _ -> await(hold),
            threads);
    shift.run();
    hold.countDown();
    assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(broken).isFalse();
  }

  @Test
  void work_that_fails_makes_room_again() throws InterruptedException {
    var done = new CountDownLatch(2);
    ThreadFactory quiet =
        task ->
            Thread.ofVirtual().uncaughtExceptionHandler((_, _) -> done.countDown()).unstarted(task);
    var shift =
        new Shift<String>(
            1,
            this::claim,
            _ -> {
              throw new IllegalStateException("bug");
            },
            quiet);
    while (done.getCount() > 0) {
      if (due.isEmpty()) {
        due.add("a");
      }
      shift.run();
      Thread.onSpinWait();
    }
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_store_that_is_away_takes_no_room() {
    var shift =
        new Shift<String>(
            2,
            most -> {
              asked.add(most);
              throw new IllegalStateException("away");
            },
            _ -> {},
            THREADS);
    assertThatThrownBy(shift::run).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(shift::run).isInstanceOf(IllegalStateException.class);
    assertThat(asked).containsExactly(2, 2);
  }

  @Test
  void f33_at_its_end_what_was_begun_is_done_and_nothing_more_is_taken_on() {
    var hold = new CountDownLatch(1);
    var done = new AtomicBoolean();
    var shift =
        new Shift<String>(
            1,
            this::claim,
            _ -> {
              await(hold);
              done.set(true);
            },
            THREADS);
    due.add("a");
    shift.run();
    assertThat(shift.end(Duration.ofMillis(10))).isFalse();
    assertThat(done).isFalse();
    hold.countDown();
    assertThat(shift.end(Duration.ofSeconds(20))).isTrue();
    assertThat(done).isTrue();
    due.add("b");
    shift.run();
    assertThat(due).containsExactly("b");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
