package io.daypass.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.screen.StatusLine.Ability;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class StatusLineTest {

  private final StringWriter out = new StringWriter();

  private StatusLine line(boolean live, OptionalInt width) {
    return new StatusLine(new PrintWriter(out), new Ability(live, true, width));
  }

  @Test
  void onATerminalOneLineChangesInPlaceAndIsGoneAtTheEnd() {
    try (var line = line(true, OptionalInt.empty())) {
      line.show("waiting for 1 of leads", "0:59 left");
      line.show("waiting for 1 of leads", "0:58 left");
    }
    assertThat(out.toString())
        .isEqualTo(
            "\r⠋ waiting for 1 of leads  0:59 left\u001b[K"
                + "\r⠙ waiting for 1 of leads  0:58 left\u001b[K"
                + "\r\u001b[K");
  }

  @Test
  void elsewhereEachPieceOfNewsIsALineAndNothingIsPrintedForTheClock() {
    try (var line = line(false, OptionalInt.empty())) {
      line.show("waiting for 2 of leads", "0:59 left");
      line.show("waiting for 2 of leads", "0:58 left");
      line.show("waiting for 2 of leads, 1 of 2 agreed", "0:57 left");
    }
    assertThat(out.toString())
        .isEqualTo("waiting for 2 of leads\nwaiting for 2 of leads, 1 of 2 agreed\n");
  }

  @Test
  void itNeverFillsTheTerminalsLastColumn() {
    try (var line = line(true, OptionalInt.of(20))) {
      line.show("waiting for 1 of leads", "0:59 left");
    }
    assertThat(out.toString()).startsWith("\r⠋ waiting for 1 of…\u001b[K");
  }

  @Test
  void aDumbTerminalOrNoneGetsLines() {
    assertThat(new Screen(true, true, Map.of("TERM", "dumb")).status().live()).isFalse();
    assertThat(new Screen(true, true, Map.of()).status().live()).isFalse();
    assertThat(new Screen(true, false, Map.of("TERM", "xterm")).status().live()).isFalse();
    assertThat(new Screen(false, true, Map.of("TERM", "xterm")).status().live()).isTrue();
  }

  @Test
  void theSpinnerIsAsciiUnlessTheLocaleSaysMore() {
    var environment = new HashMap<>(Map.of("TERM", "xterm", "COLUMNS", "99"));
    assertThat(new Screen(true, true, environment).status())
        .isEqualTo(new Ability(true, false, OptionalInt.of(99)));
    environment.put("LANG", "de_DE.UTF-8");
    assertThat(new Screen(true, true, environment).status().unicode()).isTrue();
    environment.put("LC_ALL", "C");
    assertThat(new Screen(true, true, environment).status().unicode()).isFalse();
  }

  @Test
  void tablesFitTheTerminalTheyGoToAndNothingElse() {
    assertThat(new Screen(true, true, Map.of("COLUMNS", "99")).width()).hasValue(99);
    assertThat(new Screen(true, true, Map.of("COLUMNS", "3")).width()).hasValue(20);
    assertThat(new Screen(false, true, Map.of("COLUMNS", "99")).width()).isEmpty();
  }
}
