package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.sandbox.Files600;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of the operator, and settings that stop a start. */
class OperatorTest {

  @TempDir private Path home;

  private final World world = Shared.world();

  private Path settings(String text) throws Exception {
    return Files.writeString(home.resolve("daypass.yaml"), text);
  }

  @Test
  void good_settings_are_said_to_be_good() throws Exception {
    var checked = Replica.run("check", "--config", settings(world.settings()).toString());
    assertThat(checked.code()).as(checked.text()).isZero();
    assertThat(checked.text())
        .containsPattern(
            "settings and policies are good: [0-9]+ roles, policies sha256 [0-9a-f]{64}");
  }

  private Replica.Ended checkedHere(Map<String, String> environment) throws Exception {
    var program = ServiceJar.command("check").directory(home.toFile());
    program.environment().putAll(environment);
    return Replica.run(program);
  }

  @Test
  void the_environment_alone_is_enough_where_there_is_no_file() throws Exception {
    var policies = Files.createDirectories(home.resolve("policies"));
    Files.copy(Path.of("policies/staging-admin.yaml"), policies.resolve("one.yaml"));
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    var everything = new HashMap<String, String>();
    everything.put("DAYPASS_PUBLIC_URL", "https://daypass.example.com");
    everything.put("DAYPASS_DATABASE_URL", "postgresql://daypass_app@localhost/daypass");
    everything.put("DAYPASS_MASTER_KEY", Base64.getEncoder().encodeToString(key));
    everything.put("DAYPASS_POLICIES", "policies");
    everything.put("DAYPASS_ISSUERS_0_NAME", "staff");
    everything.put("DAYPASS_ISSUERS_0_ISSUER", "https://login.example.com");
    everything.put("DAYPASS_ISSUERS_0_AUDIENCE", "daypass");
    everything.put("DAYPASS_ISSUERS_0_KIND", "human");
    everything.put("DAYPASS_AUDITORS", "\"security\" in groups");
    everything.put("DAYPASS_ADMINISTRATORS", "\"platform\" in groups");
    everything.put("DAYPASS_CLOUDS_AWS_AUDIENCE", "daypass-aws-{account}");
    assertThat(checkedHere(everything).text()).contains("settings and policies are good: 1 role");
    everything.remove("DAYPASS_AUDITORS");
    var incomplete = checkedHere(everything);
    assertThat(incomplete.code()).isEqualTo(1);
    assertThat(incomplete.text()).contains("environment:1:1").contains("auditors");
  }

  @Test
  void a_file_that_was_forgotten_is_what_is_told_of() throws Exception {
    var forgotten = checkedHere(Map.of("DAYPASS_LOG", "info"));
    assertThat(forgotten.code()).isEqualTo(1);
    assertThat(forgotten.text()).contains("daypass.yaml", "the file cannot be read");
  }

  @Test
  void f43_bad_settings_are_named_all_at_once() throws Exception {
    var bad =
        world
            .settings()
            .replaceFirst(" *audience: daypass\n", "")
            .replaceFirst("listen: \"127.0.0.1:[0-9]+\"", "listen: somewhere")
            .replaceFirst("preset: github\n", "preset: gitthub\n")
            .replaceFirst("administrators:", "frobnicate: yes\nadministrators:");
    for (var command : new String[] {"check", "serve"}) {
      var ended = Replica.run(command, "--config", settings(bad).toString());
      assertThat(ended.code()).as(command).isEqualTo(1);
      assertThat(ended.text())
          .as(command)
          .contains("audience", "listen", "preset", "frobnicate", "daypass: hint: ")
          .doesNotContain("Exception", "\tat ");
    }
  }

  @Test
  void a_condition_that_says_who_holds_an_office_is_checked_too() throws Exception {
    var bad =
        world.settings().replaceFirst("administrators:.*\n", "administrators: nobody knows\n");
    var ended = Replica.run("check", "--config", settings(bad).toString());
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.text()).contains("administrators");
  }

  @Test
  void broken_policies_are_named_with_their_place() throws Exception {
    var policies = Files.createDirectories(home.resolve("policies"));
    Files.writeString(policies.resolve("one.yaml"), "role: one\nrules: 7\ncolour: red\n");
    var bad = world.settings().replace(world.policies.toString(), policies.toString());
    var ended = Replica.run("check", "--config", settings(bad).toString());
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.text()).contains("one.yaml:3:1").contains("colour").contains("target");
  }

  @Test
  void unknown_commands_and_missing_files_have_exit_codes_of_their_own() throws Exception {
    assertThat(Replica.run("frobnicate").code()).isEqualTo(2);
    assertThat(Replica.run("serve", "--colour=red").code()).isEqualTo(2);
    var missing = Replica.run("serve", "--config", home.resolve("none.yaml").toString());
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.text()).contains("none.yaml").doesNotContain("\tat ");
  }

  @Test
  void what_is_the_matter_with_the_database_is_said_in_words() throws Exception {
    var wrong = home.resolve("wrong");
    Files600.write(wrong, "not-the-password");
    var wrongPassword = world.settings().replaceAll("password-file: .*", "password-file: " + wrong);
    var noDatabase = world.settings().replaceAll("(url: \"?postgresql:.*/)[a-z]+", "$1nosuch");
    var nobody = world.settings().replaceAll("(url: \"?postgresql:[^:]*:)[0-9]+", "$11");
    var refused = "refuses the role, its password or its address";
    // The two clients of the database that there are, one for migrations and one for all else.
    says(List.of("migrate"), wrongPassword, refused, "28P01");
    says(List.of("keys", "rotate"), wrongPassword, refused, "28P01");
    says(
        List.of("keys", "rewrap"),
        wrongPassword + "\nprevious-master-key-file: \"" + newKey("k") + "\"\n",
        refused,
        "28P01");
    says(List.of("doctor"), noDatabase, "does not exist", "3D000");
    says(List.of("migrate"), nobody, "nobody listens where the database should be");
  }

  private void says(List<String> command, String settings, String... words) throws Exception {
    var line = new ArrayList<>(command);
    line.addAll(List.of("--config", settings(settings).toString()));
    var ended = Replica.run(line.toArray(String[]::new));
    assertThat(ended.code()).as(ended.text()).isEqualTo(1);
    assertThat(ended.text())
        .contains(words)
        .contains("daypass: hint: check database.")
        .doesNotContain("jdbc:", "Exception", "report it", "WARNING");
  }

  @Test
  void another_master_key_than_the_keys_were_wrapped_with_stops_the_start() throws Exception {
    var file = newKey("master.key");
    var other =
        world
            .settings()
            .replaceFirst("master-key-file: \".*\"", "master-key-file: \"" + file + "\"")
            .replaceFirst("listen: \"127.0.0.1:[0-9]+\"", "listen: \"127.0.0.1:0\"");
    var ended = Replica.run("serve", "--config", settings(other).toString());
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.text())
        .contains("the signing keys in the database do not open with the master key")
        .contains("master-key-file", "previous-master-key-file");
    var rotated = Replica.run("keys", "rotate", "--config", settings(other).toString());
    assertThat(rotated.code()).isEqualTo(1);
  }

  private Path newKey(String name) throws Exception {
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    var file = Files.write(home.resolve(name), key);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Replica.Ended rewrap(String settings) throws Exception {
    return Replica.run("keys", "rewrap", "--config", settings(settings).toString());
  }

  @Test
  void a_master_key_that_cannot_be_exchanged_stays_and_so_do_the_keys_under_it() throws Exception {
    var before = world.records.texts("SELECT wrapped FROM daypass.signing_key ORDER BY id");
    var kids = world.records.texts("SELECT id FROM daypass.signing_key");
    var previous = "\nprevious-master-key-file: \"" + newKey("previous.key") + "\"\n";

    var wrong =
        rewrap(
            world
                    .settings()
                    .replaceFirst(
                        "master-key-file: \".*\"",
                        "master-key-file: \"" + newKey("next.key") + "\"")
                + previous);
    assertThat(wrong.code()).isEqualTo(1);
    for (var kid : kids) {
      assertThat(wrong.text()).contains("the key " + kid + " opens with no master key that is set");
    }
    assertThat(wrong.text())
        .contains("daypass: hint: name the file", "delete its row of signing_key")
        .doesNotContain("\tat ");

    var unowned =
        rewrap(world.settings().replaceAll("(?m)^ *owner-(url|password-file):.*\n", "") + previous);
    assertThat(unowned.code()).isEqualTo(1);
    assertThat(unowned.text()).contains("the owner of the tables, who is not named");

    var same =
        rewrap(world.settings().replaceFirst("(master-key-file: \".*\")", "$1\nprevious-$1"));
    assertThat(same.code()).isEqualTo(1);
    assertThat(same.text()).contains("it is the master key itself");

    var needless = rewrap(world.settings());
    assertThat(needless.code()).isEqualTo(1);
    assertThat(needless.text())
        .contains("previous-master-key is not set: there is nothing to exchange");

    // The wrong way round.
    var swapped = rewrap(world.settings() + previous);
    assertThat(swapped.code()).as(swapped.text()).isZero();
    assertThat(swapped.text())
        .contains("nothing was changed: all " + kids.size() + " signing keys")
        .contains("if it is the old one, name the new one in master-key");

    assertThat(world.records.texts("SELECT wrapped FROM daypass.signing_key ORDER BY id"))
        .isEqualTo(before);
  }

  @Test
  void a_port_that_is_taken_stops_the_start() throws Exception {
    var ended = Replica.run("serve", "--config", settings(world.settings()).toString());
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.text()).contains("cannot listen on 127.0.0.1:");
  }
}
