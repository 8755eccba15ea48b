package io.daypass.cli.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellTest {

  private static final String NASTY =
      "it's $HOME `id` \\ \"quoted\" \\' ; rm -rf / # ‘curly’\n second line *";

  @ParameterizedTest
  @CsvSource({"sh, POSIX", "bash, POSIX", "zsh, POSIX", "fish, FISH", "pwsh, POWERSHELL"})
  void p7_any_value_arrives_in_the_shell_as_it_is(String program, Shell shell) throws Exception {
    Needs.programs(program);
    var print =
        shell == Shell.POWERSHELL ? "[Console]::Out.Write($env:VALUE)" : "printf '%s' \"$VALUE\"";
    var script =
        shell.comment("it's a comment; $(id)") + "\n" + shell.set("VALUE", NASTY) + "\n" + print;
    var flag = shell == Shell.POWERSHELL ? "-Command" : "-c";
    assertThat(run(program, flag, script)).isEqualTo(NASTY);
    var gone = shell.set("VALUE", "x") + "\n" + shell.unset("VALUE") + "\n" + print;
    assertThat(run(program, flag, gone)).isEmpty();
  }

  @Test
  void eachShellQuotesInItsOwnWay() {
    assertThat(Shell.POSIX.set("A", "it's")).isEqualTo("export A='it'\\''s'");
    assertThat(Shell.FISH.set("A", "it's \\n")).isEqualTo("set -gx A 'it\\'s \\\\n'");
    assertThat(Shell.POWERSHELL.set("A", "it's ‘so’")).isEqualTo("$env:A = 'it''s ‘‘so’’'");
  }

  @Test
  void p7_any_value_is_read_back_by_the_rules_of_PowerShell() {
    for (var value : List.of(NASTY, "", "'", "''", "’", "‘a‚b‛c’", "$(id)", "`n\n\r\n#", "\\'")) {
      assertThat(read(Shell.POWERSHELL.set("VALUE", value))).isEqualTo(value);
    }
  }

  /**
   * The one string of a line, as PowerShell's tokenizer reads it: any of five quotes begins and
   * ends it, two of them in a row stand for the second, and nothing else means anything.
   */
  private static String read(String line) {
    var quotes = "'‘’‚‛";
    assertThat(line).startsWith("$env:VALUE = '");
    var value = new StringBuilder();
    var at = "$env:VALUE = '".length();
    while (true) {
      var c = line.charAt(at++);
      if (quotes.indexOf(c) >= 0) {
        if (at == line.length()) {
          return value.toString();
        }
        c = line.charAt(at++);
        assertThat(quotes).as("the string ends before its value does").contains(String.valueOf(c));
      }
      value.append(c);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/bin/bash, POSIX",
    "/usr/bin/zsh, POSIX",
    "/opt/homebrew/bin/fish, FISH",
    "pwsh.exe, POWERSHELL"
  })
  void aShellIsKnownByItsProgram(String path, Shell shell) {
    assertThat(Shell.ofProgram(path)).hasValue(shell);
  }

  @Test
  void whatIsNoShellIsNone() {
    assertThat(Shell.ofProgram("/usr/bin/vim")).isEmpty();
    assertThat(Shell.named("tcsh")).isEmpty();
  }

  private static String run(String... command) throws Exception {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
