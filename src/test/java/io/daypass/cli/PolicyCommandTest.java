package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transcripts: after each command what it prints, lines of stderr marked with {@code !}, and the
 * exit code. With {@code -Ddaypass.transcripts=write} they are written anew, to be read before they
 * are kept.
 */
class PolicyCommandTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-02T12:00:00Z"));

  @ParameterizedTest
  @ValueSource(strings = {"check", "test", "explain"})
  void the_command_answers_as_in_its_transcript(String name) throws IOException {
    var file = Path.of("src/test/resources/cli/policy-" + name + ".txt");
    var transcript = Files.readString(file);
    var replayed = new StringBuilder();
    transcript
        .lines()
        .filter(line -> line.startsWith("$ "))
        .forEach(line -> replayed.append(replay(line)));
    if ("write".equals(System.getProperty("daypass.transcripts"))) {
      Files.writeString(file, replayed);
    }
    assertThat(replayed.toString()).isEqualTo(Files.readString(file));
  }

  private static String replay(String line) {
    var args = List.of(line.substring("$ policy".length()).strip().split(" "));
    var out = new StringWriter();
    var err = new StringWriter();
    var code =
        PolicyCommand.run(
            CLOCK,
            args.equals(List.of("")) ? List.of() : args,
            new PrintWriter(out),
            new PrintWriter(err));
    var marked = err.toString().lines().map(l -> "! " + l + "\n").toList();
    var digestless = out.toString().replaceAll("[0-9a-f]{64}", "<digest>");
    return line + "\n" + digestless + String.join("", marked) + "=> " + code + "\n\n";
  }
}
