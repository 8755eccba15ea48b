package io.daypass.notice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TameTest {

  @Test
  void what_is_fit_to_read_stays_as_it_is() {
    assertThat(Tame.line("Größe 漢字 🙂 a & b <c>", 100)).isEqualTo("Größe 漢字 🙂 a & b <c>");
  }

  @Test
  void it_is_one_line() {
    assertThat(Tame.line(" a\r\nb\u2028c\u0085d\u00a0e ", 100)).isEqualTo("a  b c\ufffdd e");
  }

  @Test
  void what_is_not_seen_or_turns_text_around_is_shown_to_be_there() {
    assertThat(Tame.line("a\u202eb\u0000c\u200bd\ud800e\ue000f", 100))
        .isEqualTo("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
  }

  @Test
  void what_is_long_is_cut_between_characters() {
    assertThat(Tame.line("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Tame.line("abcdefg", 6)).isEqualTo("abcde…");
    assertThat(Tame.line("abcd🙂efg", 6)).isEqualTo("abcd…");
  }
}
