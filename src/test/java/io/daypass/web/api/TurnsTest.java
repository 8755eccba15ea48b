package io.daypass.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.CallerId;
import io.daypass.web.api.Turns.Turn;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private final Turns turns = new Turns(2);

  private Turn take(String who) {
    return turns.take(new CallerId("staff", who));
  }

  @Test
  void each_has_one_turn_at_a_time_and_a_few_have_one() {
    assertThat(take("erin")).isEqualTo(Turn.TAKEN);
    assertThat(take("erin")).isEqualTo(Turn.SECOND);
    assertThat(take("carol")).isEqualTo(Turn.TAKEN);
    assertThat(take("pat")).isEqualTo(Turn.TOO_MANY);
    turns.end(new CallerId("staff", "erin"));
    assertThat(take("pat")).isEqualTo(Turn.TAKEN);
    assertThat(take("erin")).isEqualTo(Turn.TOO_MANY);
  }
}
