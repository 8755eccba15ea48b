package io.daypass.cli.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CredentialLifeTest {

  private static final Instant TAKEN = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant GRANT_ENDS = TAKEN.plus(Duration.ofHours(1));

  private static boolean isOldAtItsLastSecond(Duration before) {
    var expires = GRANT_ENDS.minus(before);
    return new Life(TAKEN, expires, GRANT_ENDS).isOld(expires.minusSeconds(1));
  }

  @Test
  void aTokenThatGoogleEndsAMomentBeforeItsGrantEndsWithIt() {
    assertThat(isOldAtItsLastSecond(Duration.ofSeconds(6))).isFalse();
    assertThat(isOldAtItsLastSecond(Duration.ofSeconds(10))).isFalse();
  }

  @Test
  void oneThatEndsBeforeIsFollowedByAnother() {
    assertThat(isOldAtItsLastSecond(Duration.ofSeconds(11))).isTrue();
  }
}
