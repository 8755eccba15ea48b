package io.daypass.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointTest {

  private static final String ROOT = new MerkleTree().root();

  @Test
  void its_text_is_three_lines_and_is_read_back() {
    var checkpoint = new Checkpoint("daypass.example.com/ledger", 0, ROOT);
    assertThat(checkpoint.text()).isEqualTo("daypass.example.com/ledger\n0\n" + ROOT + "\n");
    assertThat(Checkpoint.parse(checkpoint.text())).contains(checkpoint);
  }

  @Test
  void what_is_not_its_text_to_the_letter_is_none() {
    var text = new Checkpoint("a", 12, ROOT).text();
    for (var other :
        List.of(
            "",
            text.strip(),
            text + "\n",
            text.replace("12", "012"),
            text.replace("12", "-1"),
            text.replace("12", "9999999999999999999"),
            text.replace("a\n", "\n"),
            text.replace("a\n", " a\n"),
            text.replace(ROOT, ROOT.substring(4)),
            text.replace(ROOT, ROOT.replace("=", "")),
            text.replace(ROOT, "%" + ROOT.substring(1)))) {
      assertThat(Checkpoint.parse(other)).as(other).isEmpty();
    }
  }

  @Test
  void one_of_nothing_in_particular_is_not_made() {
    for (var origin : List.of("", " ", "a\nb", "a ")) {
      assertThatThrownBy(() -> new Checkpoint(origin, 0, ROOT))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Checkpoint("a", -1, ROOT))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
