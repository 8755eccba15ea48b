package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.screen.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndWordsTest {

  private static final Instant END = Instant.parse("2026-03-02T14:05:00Z");
  private static final Times BEFORE = new Times(END.minus(Duration.ofMinutes(5)), ZoneOffset.UTC);
  private static final Times AFTER = new Times(END, ZoneOffset.UTC);

  private static EndWords words(@Nullable Instant last) {
    return new EndWords("reports", () -> last);
  }

  @Test
  void accessThatEndsIsSaidToEnd() {
    assertThat(words(null).ends(BEFORE, END))
        .isEqualTo("access to reports ends at 14:05, in 5 minutes");
    assertThat(words(null).ended(AFTER)).isEqualTo("access to reports has ended");
  }

  @Test
  void whatWorksOnIsNotSaidToEnd() {
    var last = words(END.plus(Duration.ofMinutes(75)));
    assertThat(last.ends(BEFORE, END))
        .isEqualTo(
            "no more tokens for reports after 14:05, in 5 minutes; the one in hand works until"
                + " 15:20");
    assertThat(last.ended(AFTER))
        .isEqualTo("no more tokens for reports; the last one works until 15:20");
  }

  @Test
  void ofATokenThatEndsBeforeTheNextOneComesNothingIsPromised() {
    var first = words(END.minus(Duration.ofMinutes(1)));
    assertThat(first.ends(BEFORE, END))
        .isEqualTo(
            "no more tokens for reports after 14:05, in 5 minutes; the last one works on until its"
                + " own end");
    assertThat(first.ended(AFTER)).isEqualTo("access to reports has ended");
  }
}
