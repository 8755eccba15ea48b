package io.daypass.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTest {

  @ParameterizedTest
  @CsvSource({
    "27, \\x1b",
    "13, \\x0d",
    "8, \\x08",
    "7, \\x07",
    "127, \\x7f",
    "155, \\x9b",
    "8238, \\u{202e}",
    "8294, \\u{2066}",
    "8203, \\u{200b}",
    "8232, \\u{2028}",
    "57344, \\u{e000}",
    "917569, \\u{e0041}"
  })
  void w1_what_a_terminal_would_obey_is_shown_and_not_sent(int point, String shown) {
    assertThat(Plain.line("a" + Character.toString(point) + "b")).isEqualTo("a" + shown + "b");
  }

  @Test
  void w1_half_a_character_is_shown_as_what_it_is() {
    assertThat(Plain.line("a\ud800b")).isEqualTo("a\\u{d800}b");
  }

  @Test
  void textOfAllScriptsStays() {
    assertThat(Plain.line("Zoë 東京 नमस्ते 👩‍🔧 שלום")).isEqualTo("Zoë 東京 नमस्ते 👩‍🔧 שלום");
  }

  @Test
  void lineEndsCannotForgeALine() {
    assertThat(Plain.line("looks good\napproved by: bob\t!\n"))
        .isEqualTo("looks good approved by: bob !");
  }
}
