package io.daypass.cli.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.cli.credential.Keys;
import io.daypass.cloud.Secret;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands for Google Cloud, Azure and other audiences find in their environment. */
class OutfitsTest {

  private static final Path ACCOUNT = Path.of("/tmp/x/account.json");
  private static final Path TOKEN = Path.of("/tmp/x/token");
  private static final String URL = "http://127.0.0.1:4711/token";
  private static final Map<String, String> OURS = Map.of("PATH", "/bin");

  private static Outfit azure() {
    return AzureOutfit.endpoint(URL, new Secret("open-sesame"), Path.of("/tmp/x/az"));
  }

  @Test
  void p7_googles_tools_get_two_files_and_no_token() {
    assertThat(GoogleOutfit.files(ACCOUNT, TOKEN).over(OURS))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "PATH",
                "/bin",
                "GOOGLE_APPLICATION_CREDENTIALS",
                "/tmp/x/account.json",
                "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE",
                "/tmp/x/token",
                "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT",
                ""));
  }

  @Test
  void p7_azures_libraries_get_an_address_and_no_token() {
    assertThat(azure().over(OURS))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "PATH",
                "/bin",
                "IDENTITY_ENDPOINT",
                URL,
                "IDENTITY_HEADER",
                "open-sesame",
                "AZURE_TOKEN_CREDENTIALS",
                "ManagedIdentityCredential",
                "AZURE_CONFIG_DIR",
                "/tmp/x/az"));
  }

  @Test
  void p7_an_oidc_audiences_command_gets_a_file_and_no_token() {
    assertThat(OidcOutfit.file(TOKEN).over(OURS))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("PATH", "/bin", "DAYPASS_ROLE_TOKEN_FILE", "/tmp/x/token"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GOOGLE_APPLICATION_CREDENTIALS",
        "CLOUDSDK_AUTH_ACCESS_TOKEN",
        "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
        "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT",
        "GOOGLE_CREDENTIALS",
        "GOOGLE_OAUTH_ACCESS_TOKEN",
        "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT"
      })
  void d10_another_identity_at_google_is_taken_away(String variable) {
    var ours = Map.of(variable, "another");
    assertThat(GoogleOutfit.files(ACCOUNT, TOKEN).over(ours).values()).doesNotContain("another");
    assertThat(GoogleOutfit.keys(new Keys.Google(new Secret("hush"))).over(ours).values())
        .doesNotContain("another");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_CLIENT_CERTIFICATE_PATH",
        "AZURE_USERNAME",
        "AZURE_PASSWORD",
        "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_TOKEN_CREDENTIALS",
        "IDENTITY_SERVER_THUMBPRINT",
        "IMDS_ENDPOINT",
        "MSI_ENDPOINT",
        "MSI_SECRET",
        "AZURE_STORAGE_KEY",
        "AZURE_STORAGE_CONNECTION_STRING",
        "AZURE_STORAGE_SAS_TOKEN",
        "ARM_ACCESS_KEY",
        "ARM_SAS_TOKEN",
        "ARM_CLIENT_ID",
        "ARM_CLIENT_SECRET",
        "ARM_CLIENT_CERTIFICATE_PATH",
        "ARM_OIDC_TOKEN",
        "ARM_OIDC_TOKEN_FILE_PATH",
        "ARM_OIDC_REQUEST_TOKEN"
      })
  void d10_another_identity_at_azure_is_taken_away(String variable) {
    var ours = Map.of(variable, "another");
    assertThat(azure().over(ours).values()).doesNotContain("another");
    var keys = new Keys.Azure(new Secret("hush"), "https://storage.azure.com/.default");
    assertThat(AzureOutfit.keys(keys).over(ours).values()).doesNotContain("another");
  }

  @Test
  void tokensThemselvesAreVariablesAndLeaveNoWayToAnotherIdentity() {
    var google = GoogleOutfit.keys(new Keys.Google(new Secret("hush")));
    assertThat(google.over(OURS))
        .containsEntry("CLOUDSDK_AUTH_ACCESS_TOKEN", "hush")
        .containsEntry("GOOGLE_OAUTH_ACCESS_TOKEN", "hush")
        .containsEntry("GOOGLE_APPLICATION_CREDENTIALS", "/dev/null");
    var azure = AzureOutfit.keys(new Keys.Azure(new Secret("hush"), "https://x/.default"));
    assertThat(azure.over(OURS))
        .containsEntry("AZURE_ACCESS_TOKEN", "hush")
        .containsEntry("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
    var oidc = OidcOutfit.keys(new Keys.Oidc(new Secret("hush")));
    var ours = new HashMap<>(Map.of("DAYPASS_ROLE_TOKEN_FILE", "another"));
    assertThat(oidc.over(ours)).containsExactlyEntriesOf(Map.of("DAYPASS_ROLE_TOKEN", "hush"));
    assertThat(google.notes()).hasSize(1);
    assertThat(azure.notes()).hasSize(1);
    assertThat(google + " " + azure + " " + oidc).doesNotContain("hush");
  }
}
