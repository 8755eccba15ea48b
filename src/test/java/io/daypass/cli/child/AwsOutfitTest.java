package io.daypass.cli.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.credential.Keys;
import io.daypass.cloud.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsOutfitTest {

  private static final String URL = "http://127.0.0.1:4711/credentials";

  @TempDir private Path home;
  @TempDir private Path scratch;
  private final Map<String, String> ours = new HashMap<>(Map.of("PATH", "/bin", "HOME", "/h"));

  @BeforeEach
  void folder() throws IOException {
    Files.createDirectory(home.resolve(".aws"));
  }

  private Outfit endpoint() throws IOException {
    return AwsOutfit.endpoint(URL, new Secret("open-sesame"), "prod-readonly", ours, home, scratch);
  }

  @Test
  void p7_the_command_gets_an_address_and_no_keys() throws IOException {
    assertThat(endpoint().over(ours))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "PATH",
                "/bin",
                "HOME",
                "/h",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                URL,
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                "open-sesame",
                "AWS_EC2_METADATA_DISABLED",
                "true",
                "AWS_CONFIG_FILE",
                scratch.resolve("config").toString(),
                "AWS_SHARED_CREDENTIALS_FILE",
                scratch.resolve("credentials").toString(),
                "BOTO_CONFIG",
                scratch.resolve("credentials").toString()));
  }

  @Test
  void d10_what_would_win_over_the_role_or_follow_it_is_taken_away() throws IOException {
    for (var other :
        new String[] {
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "AWS_SECURITY_TOKEN",
          "AWS_PROFILE",
          "AWS_DEFAULT_PROFILE",
          "AWS_ROLE_ARN",
          "AWS_WEB_IDENTITY_TOKEN_FILE",
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
        }) {
      ours.put(other, "another");
    }
    assertThat(endpoint().over(ours).values()).doesNotContain("another");
  }

  @Test
  void d10_keys_of_a_default_profile_are_not_used_instead_of_the_role() throws IOException {
    Files.writeString(
        home.resolve(".aws/credentials"),
        "[default]\naws_access_key_id = AKIAOLD\naws_secret_access_key = old\n");
    Files.writeString(
        home.resolve(".aws/config"),
        """
        [default]
        region = eu-central-1
        credential_process = old-tool
        [profile other]
        credential_process = other-tool
        """);
    var outfit = endpoint();
    var config = Path.of(outfit.set().get("AWS_CONFIG_FILE"));
    var credentials = Path.of(outfit.set().get("AWS_SHARED_CREDENTIALS_FILE"));
    assertThat(Files.readString(credentials)).isEmpty();
    assertThat(Files.readString(config))
        .isEqualTo(
            """
            [default]
            region = eu-central-1
            [profile other]
            credential_process = other-tool
            """);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
        .isEqualTo("rw-------");
    assertThat(outfit.notes())
        .containsExactly("the keys of your default AWS profile are put aside for this command");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[default]\naws_access_key_id: AKIAOLD\naws_secret_access_key: old\n",
        "[profile default]\ncredential_process = AKIAOLD\n",
        "[profile \"default\"]\nCredential_Process=AKIAOLD\n",
        "[ default ]\nrole_arn =\n  AKIAOLD\n",
        "[default]\nregion = r\n[other]\nx = y\n[default]\nsso_session = AKIAOLD\n"
      })
  void d10_however_a_default_profile_is_written_its_keys_are_not_there(String text)
      throws IOException {
    Files.writeString(home.resolve(".aws/config"), text);
    assertThat(Files.readString(Path.of(endpoint().set().get("AWS_CONFIG_FILE"))))
        .doesNotContain("AKIAOLD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"~/else", "$WHERE/else", "${WHERE}/else"})
  void aFileIsFoundHoweverItsVariableNamesIt(String path) throws IOException {
    Files.writeString(
        home.resolve("else"), "[default]\nregion = eu-north-1\ncredential_process = AKIAOLD\n");
    ours.put("AWS_CONFIG_FILE", path);
    ours.put("WHERE", home.toString());
    assertThat(Files.readString(Path.of(endpoint().set().get("AWS_CONFIG_FILE"))))
        .isEqualTo("[default]\nregion = eu-north-1\n");
  }

  @Test
  void whatDoesNotLeadToKeysStaysTheCommands() throws IOException {
    var settings = "[default]\nregion = eu-central-1\ns3 =\n  max_bandwidth = 5MB/s\n[profile b]\n";
    Files.writeString(home.resolve(".aws/config"), settings);
    var outfit = endpoint();
    assertThat(Files.readString(Path.of(outfit.set().get("AWS_CONFIG_FILE")))).isEqualTo(settings);
    assertThat(outfit.notes()).isEmpty();
  }

  @Test
  void theRegionOfTheProfileThatIsPutAsideStays() throws IOException {
    Files.writeString(home.resolve(".aws/config"), "[profile work]\nregion=eu-north-1\n");
    ours.put("AWS_PROFILE", "work");
    assertThat(endpoint().over(ours))
        .containsEntry("AWS_REGION", "eu-north-1")
        .containsEntry("AWS_DEFAULT_REGION", "eu-north-1");
    ours.put("AWS_DEFAULT_REGION", "us-east-1");
    assertThat(again().over(ours))
        .doesNotContainKey("AWS_REGION")
        .containsEntry("AWS_DEFAULT_REGION", "us-east-1");
  }

  @Test
  void theRegionOfTheRolesOwnProfileIsTakenWhereNothingElseNamesOne() throws IOException {
    var roles = "[profile prod-readonly]\nregion = eu-west-3\n";
    Files.writeString(home.resolve(".aws/config"), roles);
    assertThat(endpoint().over(ours))
        .containsEntry("AWS_REGION", "eu-west-3")
        .containsEntry("AWS_DEFAULT_REGION", "eu-west-3");
    ours.put("AWS_DEFAULT_PROFILE", "work");
    Files.writeString(home.resolve(".aws/config"), roles + "[profile work]\nregion = eu-north-1\n");
    assertThat(again().over(ours)).containsEntry("AWS_REGION", "eu-north-1");
    ours.remove("AWS_DEFAULT_PROFILE");
    Files.writeString(home.resolve(".aws/config"), roles + "[default]\nregion = us-east-2\n");
    assertThat(again().over(ours)).doesNotContainKeys("AWS_REGION", "AWS_DEFAULT_REGION");
  }

  private Outfit again() throws IOException {
    Files.delete(scratch.resolve("config"));
    Files.delete(scratch.resolve("credentials"));
    return endpoint();
  }

  @Test
  void keysThemselvesAreThreeVariablesAndNothingThatLeadsElsewhere() {
    ours.put("AWS_PROFILE", "work");
    ours.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", URL);
    var outfit = AwsOutfit.keys(new Keys.Aws("ASIA", new Secret("hush"), new Secret("t"), "1234"));
    assertThat(outfit.over(ours))
        .containsEntry("AWS_ACCESS_KEY_ID", "ASIA")
        .containsEntry("AWS_SECRET_ACCESS_KEY", "hush")
        .containsEntry("AWS_SESSION_TOKEN", "t")
        .doesNotContainKeys("AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    assertThat(outfit.toString()).doesNotContain("hush");
  }
}
