package io.daypass.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets and keys, in files of their own. */
class SecretReaderTest extends SettingsFiles {

  @Test
  void no_secret_prints_itself() throws IOException {
    var settings =
        good(
            GOOD,
            Map.of(
                "DAYPASS_DATABASE_OWNER_URL", "postgresql://o:" + password + "@localhost/daypass"));
    assertThat(settings.toString())
        .doesNotContain(password)
        .doesNotContain(Base64.getEncoder().encodeToString(settings.masterKey().reveal()));
  }

  @Test
  void f43_a_secret_that_is_missing_unreadable_or_given_twice_is_named() throws IOException {
    assertThat(codes(GOOD.replace("master-key-file: master.key\n", ""))).contains("missing_key");
    assertThat(codes(GOOD.replace("master.key", "nowhere"))).contains("secret_unreadable");
    secret("short.key", "too short");
    assertThat(codes(GOOD.replace("master.key", "short.key"))).contains("bad_secret");
    secret("zero.key", Base64.getEncoder().encodeToString(new byte[32]));
    assertThat(codes(GOOD.replace("master.key", "zero.key"))).contains("bad_secret");
    assertThat(codes(GOOD.replace("  password-file: db", "  password-file: db\n  password: x")))
        .contains("secret_twice");
    secret("lines", "one\ntwo\n");
    assertThat(codes(GOOD.replace("password-file: db", "password-file: lines")))
        .contains("bad_secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw-------+w", "rw-r---w-"})
  void a_key_file_that_others_may_read_or_write_is_refused(String mode) throws IOException {
    if (mode.endsWith("+w")) {
      Files.setPosixFilePermissions(
          folder.resolve("master.key"), PosixFilePermissions.fromString("rw-r-----"));
      good(GOOD, Map.of());
    } else {
      Files.setPosixFilePermissions(
          folder.resolve("master.key"), PosixFilePermissions.fromString(mode));
      assertThat(codes(GOOD)).contains("secret_file_mode");
    }
  }

  @Test
  void a_master_key_may_be_raw_hex_or_base64() throws IOException {
    var key = key();
    Files.write(folder.resolve("master.key"), key);
    assertThat(good(GOOD, Map.of()).masterKey().reveal()).isEqualTo(key);
    secret("master.key", java.util.HexFormat.of().formatHex(key) + "\n");
    assertThat(good(GOOD, Map.of()).masterKey().reveal()).isEqualTo(key);
  }

  @Test
  void the_master_key_before_it_may_be_named_while_it_is_exchanged() throws IOException {
    assertThat(good(GOOD, Map.of()).previousMasterKey()).isNull();
    var key = key();
    var encoded = Base64.getEncoder().encodeToString(key);
    secret("old.key", encoded);
    var both = GOOD.replace("policies:", "previous-master-key-file: old.key\npolicies:");
    var settings = good(both, Map.of());
    assertThat(settings.previousMasterKey())
        .isNotNull()
        .satisfies(previous -> assertThat(previous.reveal()).isEqualTo(key));
    assertThat(settings.toString()).doesNotContain(encoded);
    var inPlace = good(GOOD, Map.of("DAYPASS_PREVIOUS_MASTER_KEY", encoded));
    assertThat(inPlace.previousMasterKey())
        .isNotNull()
        .satisfies(previous -> assertThat(previous.reveal()).isEqualTo(key));
  }

  @Test
  void f43_a_previous_master_key_that_is_none_is_named() throws IOException {
    var both = GOOD.replace("policies:", "previous-master-key-file: old.key\npolicies:");
    assertThat(codes(both)).containsExactly("secret_unreadable");
    secret("old.key", "too short");
    assertThat(codes(both)).containsExactly("bad_secret");
    Files.write(folder.resolve("old.key"), Files.readAllBytes(folder.resolve("master.key")));
    assertThat(codes(both)).containsExactly("same_key");
    secret("old.key", Base64.getEncoder().encodeToString(key()));
    Files.setPosixFilePermissions(
        folder.resolve("old.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(codes(both)).containsExactly("secret_file_mode");
    assertThat(codes(both + "previous-master-key: x\n")).contains("secret_twice");
  }
}
