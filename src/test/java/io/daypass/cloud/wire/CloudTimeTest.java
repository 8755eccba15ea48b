package io.daypass.cloud.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cloud.Finding;
import io.daypass.issuer.Assertion;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clocks are borne by which an assertion is good all the way, and no others. */
class CloudTimeTest {

  private static Optional<String> said(long ahead) {
    return CloudTime.tooFar("AWS", Duration.ofSeconds(ahead)).map(Finding::what);
  }

  @ParameterizedTest
  @CsvSource({"-15, true", "-20, true", "-25, false", "0, true", "30, true", "35, false"})
  void a_cloud_may_be_behind_by_what_assertions_are_dated_back_and_ahead_by_what_is_left(
      long ahead, boolean borne) {
    assertThat(said(ahead).isEmpty()).isEqualTo(borne);
  }

  @Test
  void a_clock_that_is_borne_takes_an_assertion_on_its_first_second_and_its_last() {
    var now = Instant.parse("2026-11-25T10:00:00Z");
    var assertion = Assertion.toCloud("role:a", "b", "c", now, Map.of());
    var longest = Limits.STANDARD.total();
    for (var ahead = -120; ahead <= 120; ahead++) {
      var theirs = now.plusSeconds(ahead);
      var good =
          !theirs.isBefore(assertion.issuedAt())
              && !theirs.plus(longest).isAfter(assertion.expiresAt());
      assertThat(said(ahead).isEmpty()).as("%d s", ahead).isEqualTo(good);
    }
  }

  @Test
  void what_is_found_says_how_much_is_borne() {
    assertThat(said(-25).orElseThrow())
        .startsWith("AWS's clock is 25 s behind ours, and 20 are borne");
    assertThat(said(35).orElseThrow())
        .startsWith("AWS's clock is 35 s ahead of ours, and 32 are borne");
  }
}
