package io.daypass.identity.oidc;

import static io.daypass.identity.oidc.TestIssuer.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AbsentKidsTest {

  private final AbsentKids absent = new AbsentKids(Duration.ofSeconds(30));

  @Test
  void a_kid_is_remembered_for_a_while() {
    absent.add("a", NOW);
    assertThat(absent.has("a", NOW.plusSeconds(29))).isTrue();
    assertThat(absent.has("a", NOW.plusSeconds(30))).isFalse();
    assertThat(absent.has("a", NOW.minusSeconds(1))).as("the clock was set back").isFalse();
    assertThat(absent.has("b", NOW)).isFalse();
  }

  @Test
  void e3_no_number_of_kids_makes_it_grow_without_end() {
    absent.add("first", NOW);
    for (var i = 1; i < AbsentKids.MOST; i++) {
      absent.add("kid-" + i, NOW);
    }
    assertThat(absent.has("first", NOW)).isTrue();
    absent.add("one more", NOW);
    assertThat(absent.has("first", NOW)).isFalse();
    assertThat(absent.has("one more", NOW)).isTrue();
    assertThat(absent.has("kid-1", NOW)).isTrue();
  }
}
