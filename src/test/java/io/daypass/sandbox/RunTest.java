package io.daypass.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.sandbox.postgres.Database;
import io.daypass.sandbox.run.BrokerProcess;
import io.daypass.sandbox.run.CannotRun;
import io.daypass.sandbox.run.DataFolder;
import io.daypass.sandbox.run.RunOptions;
import io.daypass.sandbox.run.SettingsFile;
import io.daypass.sandbox.run.Welcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make run} leaves on the disk and says. */
class RunTest {

  @TempDir private Path home;

  @Test
  void one_folder_has_one_sandbox_at_a_time() throws Exception {
    try (var _ = DataFolder.take(home.resolve("data"))) {
      assertThatThrownBy(() -> DataFolder.take(home.resolve("data")))
          .isInstanceOf(CannotRun.class)
          .hasMessageContaining("already running")
          .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
    }
    DataFolder.take(home.resolve("data")).close();
  }

  @Test
  void secrets_are_made_once_and_only_their_owner_reads_them() throws Exception {
    try (var folder = DataFolder.take(home.resolve("data"))) {
      var password = folder.secretText("password");
      var text = Files.readString(password);
      assertThat(text).matches("[0-9a-f]{48}");
      assertThat(Files.readString(folder.secretText("password"))).isEqualTo(text);
      assertThat(Files.readAllBytes(folder.secretKey("master.key"))).hasSize(32);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void the_settings_lead_to_the_sandbox_and_hold_no_secret() throws Exception {
    try (var folder = DataFolder.take(home.resolve("data"));
        var sandbox = Sandbox.start()) {
      var database = new Database("localhost", 5432, "daypass", "owner-pw-value", "app-pw-value");
      var file = new SettingsFile(folder, sandbox).write(8080, database, Path.of("policies"));
      assertThat(Files.readString(file))
          .contains("public-url: \"http://localhost:8080\"")
          .contains("postgresql://daypass_app@localhost:5432/daypass")
          .contains(sandbox.url() + "/staff")
          .contains(sandbox.url() + "/aws/sts")
          .doesNotContain("pw-value")
          .doesNotContainPattern("\"\\{[a-z-]+}\"");
      assertThat(Welcome.text("http://localhost:8080", sandbox.url(), folder))
          .contains("curl -fsS '" + sandbox.url() + "/staff/token?person=alice'")
          .doesNotContain("{broker}");
    }
  }

  @Test
  void tokens_outlive_a_restart_when_the_keys_are_kept() throws Exception {
    var first = Sandbox.options().keepKeysIn(home).start();
    var token = first.staff().token("alice");
    first.close();
    try (var second = Sandbox.options().keepKeysIn(home).start()) {
      assertThat(Tokens.claims(token, Http.get(second.url() + "/staff/jwks").body())).isNotNull();
    }
  }

  @Test
  void a_broker_that_ends_shows_its_last_words() throws Exception {
    try (var folder = DataFolder.take(home.resolve("data"))) {
      var launcher = home.resolve("launcher");
      Files.writeString(launcher, "#!/bin/sh\necho \"no such setting in $3\"\nexit 7\n");
      Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
      try (var broker = BrokerProcess.start(launcher, home.resolve("daypass.yaml"), folder)) {
        assertThatThrownBy(() -> broker.awaitReady("http://localhost:1"))
            .isInstanceOfSatisfying(
                CannotRun.class, e -> assertThat(e.hint()).contains("no such setting in"))
            .hasMessageContaining("7");
      }
    }
  }

  @Test
  void a_missing_launcher_and_an_unknown_option_are_named() throws Exception {
    try (var folder = DataFolder.take(home.resolve("data"))) {
      assertThatThrownBy(() -> BrokerProcess.start(home.resolve("none"), home, folder))
          .isInstanceOf(CannotRun.class)
          .hasMessageContaining("none");
    }
    assertThatThrownBy(() -> RunOptions.parse("--colour=red"))
        .isInstanceOf(CannotRun.class)
        .hasMessageContaining("--colour");
    assertThat(RunOptions.parse("--port=1").port()).isEqualTo(1);
  }
}
