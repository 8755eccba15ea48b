package io.daypass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleConfigTest {

  @TempDir private Path home;
  private Shell shell;

  @BeforeEach
  void start() {
    shell =
        new Shell(home)
            .with("DAYPASS_URL", "https://daypass.example")
            .with("DAYPASS_LAUNCHER", "/opt/daypass/bin/daypass");
  }

  private Shell.Ran config(String... more) {
    var line = new String[3 + more.length];
    line[0] = "gcp";
    line[1] = "config";
    line[2] = "gcp-logs";
    System.arraycopy(more, 0, line, 3, more.length);
    return shell.run(line);
  }

  private static JsonObject source(Shell.Ran ran) {
    assertThat(ran.exit()).as(ran.err()).isZero();
    return new JsonObject(ran.out()).getJsonObject("credential_source");
  }

  @Test
  void what_googles_libraries_run_is_found_without_a_path_and_at_the_same_broker() {
    assertThat(source(config()).getJsonObject("executable").getString("command"))
        .isEqualTo(
            "/usr/bin/env DAYPASS_URL=https://daypass.example /opt/daypass/bin/daypass"
                + " gcp credentials gcp-logs");
  }

  @Test
  void a_broker_that_is_kept_in_the_settings_is_not_named_again() throws Exception {
    Files.createDirectories(home.resolve(".config"));
    var folder = Files.createDirectory(home.resolve(".config/daypass"), only("rwx------"));
    var kept = Files.createFile(folder.resolve("config"), only("rw-------"));
    Files.writeString(kept, "url=https://daypass.example\n");
    assertThat(source(config()).getJsonObject("executable").getString("command"))
        .isEqualTo("/opt/daypass/bin/daypass gcp credentials gcp-logs");
  }

  private static FileAttribute<?> only(String owner) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(owner));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/opt/my tools/daypass", "/opt/$(id)/daypass", "/opt/a\"b/daypass"})
  void a_path_that_they_would_cut_is_refused(String launcher) {
    shell.with("DAYPASS_LAUNCHER", launcher);
    var ran = config();
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("Google's libraries cannot run a program at", "put a link to it");
  }

  @Test
  void a_file_with_a_token_needs_no_program() {
    shell.with("DAYPASS_LAUNCHER", "/opt/my tools/daypass");
    var source = source(config("--token-file", "/var/run/token"));
    assertThat(source.getString("file")).isEqualTo("/var/run/token");
    assertThat(source.containsKey("executable")).isFalse();
  }
}
