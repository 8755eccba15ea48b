package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transcripts: after each command what it prints, lines of stderr marked with {@code !}, and the
 * exit code. With {@code -Ddaypass.transcripts=write} they are written anew, to be read before they
 * are kept.
 */
class PolicyCommandTest {

  @TempDir private Path home;

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

  private String replay(String line) {
    var ran = new Shell(home).run(line.substring("$ ".length()).strip().split(" "));
    var marked = ran.err().lines().map(l -> "! " + l + "\n").toList();
    var digestless = ran.out().replaceAll("[0-9a-f]{64}", "<digest>");
    return line + "\n" + digestless + String.join("", marked) + "=> " + ran.exit() + "\n\n";
  }
}
