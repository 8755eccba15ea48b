package io.daypass.cloud.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.daypass.cloud.MintException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EffortTest {

  private static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          3,
          Duration.ofMillis(1),
          1,
          20,
          Duration.ofSeconds(1));

  private final Failure failed = Failure.passing(Reason.CLOUD_FAILED, null, "500");
  private final Failure busy = Failure.passing(Reason.CLOUD_THROTTLED, null, "429");
  private final Failure no = Failure.lasting(Reason.CLOUD_REFUSED, "403").coded("Denied");

  private static Failure outcome(Failure... attempts) {
    Iterator<Failure> next = List.of(attempts).iterator();
    return catchThrowableOfType(
        Failure.class,
        () ->
            new Effort(LIMITS, new Random(1))
                .make(_ -> {
                  throw next.next();
                }));
  }

  @Test
  void what_may_have_been_made_by_an_attempt_is_not_denied_by_a_later_one() {
    for (var last : List.of(outcome(failed, no), outcome(failed, busy, no))) {
      assertThat(last.reason()).isEqualTo(Reason.CLOUD_FAILED);
      assertThat(last.reason().mayExist()).isTrue();
      assertThat(last.code()).isEqualTo("Denied");
      assertThat(last.detail()).isEqualTo("403");
    }
    assertThat(outcome(failed, busy, busy).reason()).isEqualTo(Reason.CLOUD_FAILED);
  }

  @Test
  void where_no_attempt_can_have_made_anything_the_last_one_says_why() {
    assertThat(outcome(busy, no)).isSameAs(no);
    assertThat(outcome(busy, busy, busy)).isSameAs(busy);
    assertThat(outcome(no)).isSameAs(no);
  }

  @Test
  void
      f22_pauses_are_drawn_from_nothing_to_twice_as_much_each_time_and_come_on_top_of_what_is_asked() {
    var asked = Duration.ofMillis(30);
    var bounds = new ArrayList<Long>();
    var longest =
        new Random(1) {
          @Override
          public long nextLong(long bound) {
            bounds.add(bound);
            return bound - 1;
          }
        };
    var later = Failure.passing(Reason.CLOUD_THROTTLED, asked, "429");
    var attempts = new ArrayList<Long>();
    assertThatThrownBy(() ->
            new Effort(LIMITS, longest)
                .make(_ -> {
                  attempts.add(System.nanoTime());
                  throw attempts.size() == 1 ? busy : later;
                }))
        .isSameAs(later);
    var backoff = LIMITS.backoff();
    assertThat(bounds)
        .containsExactly(backoff.toNanos() + 1, backoff.multipliedBy(2).toNanos() + 1);
    assertThat(attempts.get(1) - attempts.get(0)).isGreaterThanOrEqualTo(backoff.toNanos());
    assertThat(attempts.get(2) - attempts.get(1))
        .isGreaterThanOrEqualTo(asked.plus(backoff.multipliedBy(2)).toNanos());
  }
}
