package io.daypass.web.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.web.api.Api;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done with a token's text before anything of it is proved. */
class StsFormTest {

  private static final Pattern CONST = Pattern.compile("Action: \\{ const: (\\w+) }");

  @Test
  void the_actions_that_are_answered_are_those_of_the_description() {
    var described =
        CONST.matcher(Api.openapi().bytes().toString()).results().map(found -> found.group(1));
    assertThat(described).containsExactlyInAnyOrderElementsOf(StsForm.ACTIONS);
    for (var action : StsForm.ACTIONS) {
      assertThat(StsForm.of("Action=" + action + "&Version=2011-06-15").toString())
          .doesNotContain("action_unknown");
    }
  }

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
