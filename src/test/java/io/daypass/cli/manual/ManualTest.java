package io.daypass.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ManualTest {

  @TempDir private Path share;

  @BeforeEach
  void write() throws IOException {
    Manual.write(share, "daypass 1.2.3");
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(ManualTest::all));
  }

  private String text(String file) throws IOException {
    return Files.readString(share.resolve(file));
  }

  @Test
  void everyCommandHasAPageWithEveryOptionItHas() throws IOException {
    for (var command : all(Manual.root()).toList()) {
      var spec = command.getCommandSpec();
      var page = text("man/man1/" + ManPage.name(spec) + ".1").replace("\\-", "-");
      assertThat(page).contains(".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", "daypass 1.2.3");
      for (var option : spec.options()) {
        assertThat(page).as(spec.qualifiedName()).contains(option.names());
        assertThat(ManPage.description(option)).as(spec + " " + option).isNotBlank();
      }
      for (var name : spec.subcommands().keySet()) {
        assertThat(page).contains("\\fB" + name + "\\fR");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bash-completion/completions/daypass", "fish/vendor_completions.d/daypass.fish"})
  void everyCommandAndOptionIsCompleted(String file) throws IOException {
    var script = text(file);
    var fish = file.endsWith(".fish");
    for (var command : all(Manual.root()).toList()) {
      var spec = command.getCommandSpec();
      assertThat(script).contains(spec.name());
      for (var option : spec.options()) {
        var name = option.longestName();
        assertThat(script).contains(fish ? " -l " + name.substring(2) : name);
      }
    }
  }

  @Test
  void theSameCommandsMakeTheSameFiles(@TempDir Path again) throws IOException {
    Manual.write(again, "daypass 1.2.3");
    try (var files = Files.walk(share)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        assertThat(again.resolve(share.relativize(file).toString())).hasSameBinaryContentAs(file);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bash -n|bash-completion/completions/daypass",
        "zsh -n|bash-completion/completions/daypass",
        "zsh -n|zsh/site-functions/_daypass",
        "fish -n|fish/vendor_completions.d/daypass.fish"
      })
  void theShellReadsItsScript(String command) throws Exception {
    var words = command.split("\\|", -1);
    assertThat(run(words[0] + " " + share.resolve(words[1]))).isEmpty();
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    var script =
        ". "
            + share.resolve("bash-completion/completions/daypass")
            + "; COMP_WORDS=(daypass requests --to); COMP_CWORD=2; COMP_LINE='daypass requests --to'"
            + "; _complete_daypass; echo \"${COMPREPLY[@]}\"";
    assertThat(run(List.of("bash", "-c", script))).contains("--to-decide");
  }

  @Test
  void manShowsThePages() throws Exception {
    var page = share.resolve("man/man1/daypass-request.1");
    assertThat(run("man -l -P cat " + page)).contains("daypass-request", "--for", "DURATION");
    try (var pages = Files.list(page.getParent())) {
      for (var one : pages.toList()) {
        assertThat(run("groff -man -Tutf8 -ww -z " + one)).as(one.toString()).isEmpty();
      }
    }
  }

  private static String run(String command) throws Exception {
    return run(List.of(command.split(" ", -1)));
  }

  private static String run(List<String> command) throws Exception {
    Needs.programs(command.getFirst());
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MANWIDTH", "80");
    builder.environment().put("MAN_KEEP_FORMATTING", "");
    var process = builder.start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
