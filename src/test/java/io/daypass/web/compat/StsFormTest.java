package io.daypass.web.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done with a token's text before anything of it is proved. */
class StsFormTest {

  @Test
  void one_line_end_is_taken_off_and_nothing_else() {
    assertThat(StsForm.withoutLineEnd("a.b.c")).isEqualTo("a.b.c");
    assertThat(StsForm.withoutLineEnd("a.b.c\n")).isEqualTo("a.b.c");
    assertThat(StsForm.withoutLineEnd("a.b.c\r\n")).isEqualTo("a.b.c");
    assertThat(StsForm.withoutLineEnd("a.b\n.c")).isEqualTo("a.b\n.c");
    assertThat(StsForm.withoutLineEnd("a.b.c\n\n")).isEqualTo("a.b.c\n");
  }

  // Looked at once each they are milliseconds; looked at from every place, hours.
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void each_of_two_million_line_ends_is_looked_at_once() {
    var ends = "\n".repeat(2_000_000) + "x";
    assertThat(StsForm.withoutLineEnd(ends)).isEqualTo(ends);
  }
}
