package io.daypass.cli.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.child.Child.End;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChildTest {

  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"exit 0|0", "exit 7|7", "kill -TERM $$|143", "kill -KILL $$|137"})
  void theExitCodeIsTheCommands(String script, int code) {
    assertThat(Child.run(List.of("sh", "-c", script), PATH)).isEqualTo(new End.Exited(code));
  }

  @Test
  void theEnvironmentIsExactlyTheGivenOne(@TempDir Path folder) throws Exception {
    var file = folder.resolve("environment");
    Child.run(
        List.of("sh", "-c", "env > \"$FILE\""),
        Map.of("PATH", "/usr/bin:/bin", "FILE", file.toString()));
    assertThat(Files.readString(file).lines().map(line -> line.split("=", -1)[0]))
        .contains("FILE")
        .isSubsetOf("PATH", "FILE", "PWD", "OLDPWD", "SHLVL", "_");
  }

  @Test
  void whatCannotBeRunIsSaidAsAShellWould(@TempDir Path folder) throws Exception {
    assertThat(Child.run(List.of("no-such-command-here"), PATH))
        .isEqualTo(new End.NotStarted(127, "there is no such command"));
    var file = Files.writeString(folder.resolve("not-executable"), "text");
    assertThat(Child.run(List.of(file.toString()), PATH))
        .isEqualTo(new End.NotStarted(126, "it cannot be run"));
  }
}
