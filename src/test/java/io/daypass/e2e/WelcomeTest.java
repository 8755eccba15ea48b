package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.daypass.sandbox.run.Welcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines that {@code make run} prints, pasted into a shell. */
class WelcomeTest {

  private final World world = Shared.world();

  @TempDir private Path home;

  @BeforeEach
  @AfterEach
  void nobody_has_a_grant() {
    Shared.forgetGrants();
  }

  /** The lines after the one that begins so, up to the next empty one. */
  private static List<String> after(String text, String heading) {
    return text.lines()
        .dropWhile(line -> !line.startsWith(heading))
        .skip(2)
        .takeWhile(line -> !line.isBlank())
        .map(String::strip)
        .toList();
  }

  private static List<String> five(String text) {
    return after(text, "From a request to a credential");
  }

  @Test
  void five_lines_lead_from_nothing_to_a_credential_and_its_story() throws Exception {
    Needs.programs("bash");
    Needs.programs("curl");
    var text = Welcome.text(world.url(), world.sandbox.url(), world.folder);
    var lines = new ArrayList<String>();
    lines.add("set -eu");
    lines.addAll(five(text));
    assertThat(lines).hasSize(1 + 5);
    var aws = Needs.has(Needs.isInstalled("aws"), "aws");
    if (aws) {
      lines.addAll(after(text, "With the aws command"));
    }
    var script = Files.write(home.resolve("pasted"), lines);
    var ran = new Shell(home).run(Map.of(), "bash", script.toString());
    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out())
        .contains("\"state\":\"approved\"", "\"SecretAccessKey\":", "\"allowed\":true")
        .contains("\"source_identity\":\"staff=alice\"", "\"kind\":\"sealed\"");
    if (aws) {
      assertThat(ran.out()).contains("assumed-role/daypass-staging-admin/alice@acme.example-");
    }
  }

  @Test
  void the_readme_shows_the_same_lines() throws IOException {
    var usual = Welcome.text("http://localhost:8080", "http://localhost:8090", world.folder);
    var shown = Files.readString(Path.of("README.md")).lines().toList();
    assertThat(five(usual)).hasSize(5).allSatisfy(line -> assertThat(shown).contains("$ " + line));
  }
}
