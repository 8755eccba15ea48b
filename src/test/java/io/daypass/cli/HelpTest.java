package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.screen.Screen;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Whatever is typed wrongly is answered with a hint to {@code --help}, so every command has one.
 */
class HelpTest {

  @TempDir private Path home;

  static Stream<String> commands() {
    var terminal =
        new Terminal(
            Operator.nobody(),
            new Shell(Path.of("")).local(),
            Tools.of(Screen.none(), ZoneOffset.UTC));
    return all(terminal.commands()).map(command -> command.getCommandSpec().qualifiedName());
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpTest::all));
  }

  private Shell.Ran asked(String command, String option) {
    return new Shell(home).run((command + " " + option).replaceFirst("daypass ", "").split(" "));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void sayHowTheyAreUsed(String command) {
    for (var option : new String[] {"--help", "-h"}) {
      var ran = asked(command, option);
      assertThat(ran.exit()).as(ran.err()).isZero();
      assertThat(ran.out()).startsWith("Usage: " + command + " ");
      assertThat(ran.err()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void sayWhichVersionTheyAreOf(String command) {
    var ran = asked(command, "--version");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).startsWith("daypass ");
  }
}
