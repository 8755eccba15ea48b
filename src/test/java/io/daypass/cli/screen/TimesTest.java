package io.daypass.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {

  private final Times times =
      new Times(Instant.parse("2026-03-02T12:00:00Z"), ZoneId.of("Europe/Berlin"));

  @Test
  void aTimeIsThatOfTheReadersClockAndNamesTheDayIfItIsAnother() {
    assertThat(times.at(Instant.parse("2026-03-02T13:05:00Z"))).isEqualTo("14:05");
    assertThat(times.at(Instant.parse("2026-03-02T23:05:00Z"))).isEqualTo("Tue 3 Mar 00:05");
    assertThat(times.at(Instant.parse("2027-03-02T13:05:00Z"))).isEqualTo("2 Mar 2027 14:05");
  }

  @Test
  void whatIsToComeSaysHowFarItIs() {
    assertThat(times.until(Instant.parse("2026-03-02T12:55:00Z")))
        .isEqualTo("13:55, in 55 minutes");
    assertThat(times.until(Instant.parse("2026-03-02T11:00:00Z"))).isEqualTo("12:00");
  }

  @ParameterizedTest
  @CsvSource({
    "PT2H5M, 2 hours 5 minutes",
    "PT1H, 1 hour",
    "PT55M59S, 55 minutes",
    "PT1M5S, 1 minute 5 seconds",
    "PT40S, 40 seconds",
    "PT0S, 0 seconds",
    "P2DT3H10M, 2 days 3 hours"
  })
  void aSpanIsItsTwoLargestUnits(Duration span, String words) {
    assertThat(Times.span(span)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"PT23H59M12S, 23:59:12", "PT5M9S, 5:09", "PT-5S, 0:00", "PT26H, 26:00:00"})
  void aCountdownRunsLikeAClockAndNeverBelowNothing(Duration left, String shown) {
    assertThat(Times.countdown(left)).isEqualTo(shown);
  }
}
