package io.daypass.cli.child;

import static org.assertj.core.api.Assertions.assertThat;

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
    return AwsOutfit.endpoint(URL, new Secret("open-sesame"), ours, home, scratch);
  }

  @Test
  void p7_the_command_gets_an_address_and_no_keys() throws IOException {
    assertThat(endpoint().over(ours))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "PATH", "/bin",
                "HOME", "/h",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI", URL,
                "AWS_CONTAINER_AUTHORIZATION_TOKEN", "open-sesame",
                "AWS_EC2_METADATA_DISABLED", "true"));
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
    assertThat(outfit.notes()).hasSize(2).allMatch(note -> note.contains("put aside"));
  }

  @Test
  void filesThatDoNotGetInTheWayStayTheCommands() throws IOException {
    Files.writeString(home.resolve(".aws/config"), "[default]\nregion = eu-central-1\n");
    Files.writeString(home.resolve(".aws/credentials"), "[work]\naws_access_key_id = AKIA\n");
    var outfit = endpoint();
    assertThat(outfit.set()).doesNotContainKeys("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE");
    assertThat(outfit.notes()).isEmpty();
  }

  @Test
  void theRegionOfTheProfileThatIsPutAsideStays() throws IOException {
    Files.writeString(home.resolve(".aws/config"), "[profile work]\nregion=eu-north-1\n");
    ours.put("AWS_PROFILE", "work");
    assertThat(endpoint().over(ours)).containsEntry("AWS_REGION", "eu-north-1");
    ours.put("AWS_DEFAULT_REGION", "us-east-1");
    assertThat(endpoint().over(ours)).doesNotContainKey("AWS_REGION");
  }

  @Test
  void keysThemselvesAreThreeVariablesAndNothingThatLeadsElsewhere() {
    ours.put("AWS_PROFILE", "work");
    ours.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", URL);
    var outfit =
        AwsOutfit.keys(new AwsOutfit.Keys("ASIA", new Secret("hush"), new Secret("t"), "1234"));
    assertThat(outfit.over(ours))
        .containsEntry("AWS_ACCESS_KEY_ID", "ASIA")
        .containsEntry("AWS_SECRET_ACCESS_KEY", "hush")
        .containsEntry("AWS_SESSION_TOKEN", "t")
        .doesNotContainKeys("AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    assertThat(outfit.toString()).doesNotContain("hush");
  }
}
