package io.daypass.cloud.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.daypass.cloud.MintException.Reason;
import java.time.Duration;
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
}
