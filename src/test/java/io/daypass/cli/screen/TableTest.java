package io.daypass.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.screen.Table.Column;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

  private static Table table() {
    return new Table(Column.whole("ID"), Column.cut("WHO"), Column.cut("REASON"))
        .add("0qzm78dqh1188zfw", "alice@acme.example", "look at the slow queries of the shop")
        .add("mggg7g1xgtgf1xhq", "東京タワーの管理者", "👩‍🔧 repairs \u001b[2J and more\nof it");
  }

  @Test
  void withoutATerminalNothingIsCut() {
    assertThat(table().lines(OptionalInt.empty()))
        .containsExactly(
            "ID                WHO                 REASON",
            "0qzm78dqh1188zfw  alice@acme.example  look at the slow queries of the shop",
            "mggg7g1xgtgf1xhq  東京タワーの管理者  👩‍🔧 repairs \\x1b[2J and more of it");
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 41, 57, 60, 72, 79, 80})
  void noLineIsWiderThanTheTerminalAndIdsStandWhole(int width) {
    var lines = table().lines(OptionalInt.of(width));
    assertThat(lines).hasSize(3).allMatch(line -> Columns.of(line) <= width);
    assertThat(lines.get(1)).startsWith("0qzm78dqh1188zfw  al");
    assertThat(lines.get(2)).startsWith("mggg7g1xgtgf1xhq  東京");
  }

  @Test
  void whereThereIsNoRoomForATableEachRowIsABlock() {
    assertThat(table().lines(OptionalInt.of(30)))
        .startsWith(
            "ID      0qzm78dqh1188zfw",
            "WHO     alice@acme.example",
            "REASON  look at the slow quer…",
            "");
  }

  @Test
  void wideCharactersTakeTwoColumnsAndMarksNone() {
    assertThat(Columns.of("東京")).isEqualTo(4);
    assertThat(Columns.of("e\u0301")).isEqualTo(1);
    assertThat(Columns.of("🔧")).isEqualTo(2);
    assertThat(Columns.cut("東京都", 4)).isEqualTo("東…");
    assertThat(Columns.cut("abc", 3)).isEqualTo("abc");
    assertThat(Columns.cut("abcd", 0)).isEmpty();
  }
}
