package io.daypass.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private Duration after(int tries) {
    return backoff.pause(tries, new Random(tries));
  }

  @Test
  void a_pause_doubles_up_to_the_longest_and_is_never_less_than_half_of_it() {
    assertThat(after(1)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    assertThat(after(3)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(after(7)).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
    assertThat(after(Integer.MAX_VALUE)).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
    assertThat(after(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
  }
}
