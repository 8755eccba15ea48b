package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code daypass exec} and {@code env} for Google Cloud, Azure and OIDC audiences, with those
 * clouds' own libraries and tools in the command.
 */
@Timeout(300)
class ExecCloudsTest {

  private static final String GOOGLE = "gcp-logs";
  private static final String AZURE = "azure-reports";
  private static final String OIDC = "cluster-view";
  private static final String STORAGE = "https://storage.azure.com/.default";
  private static final Path PYTHON = Path.of("/usr/lib/google-cloud-sdk/lib/third_party");
  private static final Npm LIBRARIES = Npm.of("js/clouds", "js-clouds");

  private final World world = Shared.world();
  private final Api api = Shared.api();

  @TempDir private Path folder;
  private Laptop laptop;

  @BeforeEach
  void start() throws IOException {
    var alice = world.person("alice");
    laptop = new Laptop(folder);
    laptop.with("DAYPASS_URL", api.url()).with("DAYPASS_TOKEN", alice);
    for (var role : List.of(GOOGLE, AZURE, OIDC)) {
      api.ask(alice, role, "20m", "exec " + System.nanoTime());
    }
    // Another identity, which must not be found.
    laptop
        .with("GOOGLE_OAUTH_ACCESS_TOKEN", "another")
        .with("AZURE_CLIENT_ID", "11111111-0000-4000-8000-000000000001")
        .with("AZURE_CLIENT_SECRET", "another")
        .with("AZURE_TENANT_ID", "22222222-0000-4000-8000-000000000001");
  }

  private Laptop.Ran exec(String role, String... command) {
    var words = new ArrayList<>(List.of("exec", role, "--"));
    words.addAll(List.of(command));
    return laptop.daypass(words.toArray(String[]::new));
  }

  private Laptop.Ran java(String role, Class<?> program, String... arguments) {
    var words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    words.addAll(List.of(arguments));
    return exec(role, words.toArray(String[]::new));
  }

  private void mayReadLogs(Laptop.Ran ran) {
    endsWithItsRole(mayReadLogsFor(ran), 15);
  }

  private JsonObject mayReadLogsFor(Laptop.Ran ran) {
    assertThat(ran.exit()).as(ran.err() + ran.out()).isZero();
    var answer = new JsonObject(ran.out());
    var request =
        HttpRequest.newBuilder(URI.create(world.sandbox.url() + "/gcp/allowed"))
            .header("Authorization", "Bearer " + answer.getString("token"));
    assertThat(api.any(request).json().getBoolean("allowed")).as(ran.out()).isTrue();
    return answer;
  }

  private void mayReadReports(Laptop.Ran ran) {
    assertThat(ran.exit()).as(ran.err() + ran.out()).isZero();
    var answer = new JsonObject(ran.out());
    assertThat(answer.getString("token")).as(ran.out()).isNotNull();
    var uti = claims(answer.getString("token")).getString("uti");
    var allowed = new Api(world.sandbox.url()).get("/azure/allowed?uti=" + uti).json();
    assertThat(allowed.getBoolean("allowed")).isTrue();
    // Entra's token lives for an hour and more: what is told is the end of the grant.
    endsWithItsRole(answer, 20);
  }

  private static void endsWithItsRole(JsonObject answer, int minutes) {
    assertThat(Instant.ofEpochSecond(answer.getNumber("expires").longValue()))
        .isAfter(Instant.now().plusSeconds(60))
        .isBefore(Instant.now().plusSeconds(60L * minutes + 5));
  }

  private static JsonObject claims(String token) {
    var payload = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return new JsonObject(new String(payload, StandardCharsets.UTF_8));
  }

  @Test
  void googles_library_for_java_finds_the_role() {
    mayReadLogs(java(GOOGLE, GoogleProgram.class));
  }

  @Test
  void googles_library_for_python_finds_the_role_and_renews_its_token_there() {
    Needs.programs("python3");
    Needs.tool(Files.isDirectory(PYTHON.resolve("google/auth")), "google-auth for Python");
    var program =
        """
        import calendar, json, sys
        sys.path.insert(0, sys.argv[1])
        import google.auth
        from google.auth.transport.requests import Request
        credentials, _ = google.auth.default()
        credentials.refresh(Request())
        credentials.refresh(Request())
        print(json.dumps({"token": credentials.token,
                          "expires": calendar.timegm(credentials.expiry.timetuple())}))
        """;
    laptop.with("PYENV_ROOT", System.getProperty("user.home") + "/.pyenv");
    mayReadLogs(exec(GOOGLE, "python3", "-c", program, PYTHON.toString()));
  }

  @Test
  void googles_library_for_javascript_finds_the_role() throws Exception {
    LIBRARIES.install();
    // It does not say until when a token is good.
    mayReadLogsFor(exec(GOOGLE, "node", LIBRARIES.program("google.mjs")));
  }

  @Test
  void gcloud_works_as_the_role_whatever_is_configured() throws Exception {
    Needs.programs("gcloud");
    var config = folder.resolve("gcloud");
    Files.createDirectories(config.resolve("configurations"));
    Files.writeString(
        config.resolve("configurations/config_default"),
        "[auth]\nimpersonate_service_account = another@acme-prod.iam.gserviceaccount.com\n");
    laptop
        .with("CLOUDSDK_CONFIG", config.toString())
        .with("CLOUDSDK_CORE_DISABLE_PROMPTS", "1")
        .with("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "1")
        .with("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "1")
        .with(
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER",
            world.sandbox.gcpEndpoints().get("resource-manager") + "/");
    var described = exec(GOOGLE, "gcloud", "projects", "describe", "acme-prod", "--format=json");
    assertThat(described.exit()).as(described.err()).isZero();
    assertThat(new JsonObject(described.out()).getString("projectId")).isEqualTo("acme-prod");
    assertThat(described.err()).doesNotContain("impersonat");
  }

  @ParameterizedTest
  @ValueSource(strings = {"managed", "default"})
  void azures_library_for_java_finds_the_role(String way) {
    mayReadReports(java(AZURE, AzureProgram.class, way, STORAGE));
  }

  @Test
  void azures_library_is_told_that_a_token_is_not_for_every_service() {
    var ran = java(AZURE, AzureProgram.class, "managed", "https://vault.azure.net/.default");
    assertThat(new JsonObject(ran.out()).getString("error"))
        .contains("the role's tokens are for https://storage.azure.com");
  }

  @Test
  void azures_library_for_javascript_finds_the_role() throws Exception {
    LIBRARIES.install();
    mayReadReports(exec(AZURE, "node", LIBRARIES.program("azure.mjs")));
  }

  @Test
  void a_command_for_an_oidc_audience_reads_its_token_from_a_file() {
    var ran =
        exec(
            OIDC,
            "sh",
            "-c",
            "stat -c %a \"$DAYPASS_ROLE_TOKEN_FILE\" \"$(dirname \"$DAYPASS_ROLE_TOKEN_FILE\")\";"
                + " cat \"$DAYPASS_ROLE_TOKEN_FILE\"");
    assertThat(ran.out()).startsWith("600\n700\n").doesNotEndWith("\n");
    assertThat(claims(ran.out()).getString("sub")).isEqualTo("role:" + OIDC);
  }

  @ParameterizedTest
  @ValueSource(strings = {GOOGLE, AZURE, OIDC})
  void p7_no_token_stands_in_the_commands_environment_and_nothing_stays(String role)
      throws IOException {
    var ran = exec(role, "env");
    assertThat(ran.exit()).as(ran.err()).isZero();
    var others = role.equals(GOOGLE) ? "GOOGLE" : role.equals(AZURE) ? "AZURE" : "DAYPASS_ROLE";
    var environment = ran.out().lines().filter(l -> !l.startsWith("DAYPASS_TOKEN=")).toList();
    assertThat(environment)
        .noneMatch(line -> line.contains("eyJ") || line.contains("ya29."))
        .noneMatch(line -> line.startsWith(others) && line.endsWith("=another"));
    for (var line : environment) {
      if (line.contains("/daypass-exec-")) {
        assertThat(new File(line.substring(line.indexOf('=') + 1))).doesNotExist();
      }
    }
    // Azure's tokens outlive their approval there, as the role accepts.
    var said =
        role.equals(AZURE)
            ? "no more tokens for "
                + role
                + " after .*, in \\d+ minutes; the one in hand works until "
            : "access to " + role + " ends at .*, in \\d+ minutes";
    assertThat(ran.err()).containsPattern("daypass: " + said);
  }

  @Test
  void onlyWhatIsAskedForStandsThereWithEnv() {
    var words = "echo $CLOUDSDK_AUTH_ACCESS_TOKEN; echo $GOOGLE_OAUTH_ACCESS_TOKEN";
    var google = laptop.daypass("exec", GOOGLE, "--env", "--", "sh", "-c", words).out();
    assertThat(google.lines().distinct()).hasSize(1);
    assertThat(google).isNotBlank().doesNotContain("another");
    var azure =
        laptop.daypass("exec", AZURE, "--env", "--", "sh", "-c", "echo $AZURE_ACCESS_TOKEN");
    assertThat(azure.out()).startsWith("eyJ");
    assertThat(azure.err()).contains("daypass exec serves them");
    // The library finds nobody else instead.
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var path = System.getProperty("java.class.path");
    var program = AzureProgram.class.getName();
    var none =
        laptop.daypass(
            "exec", AZURE, "--env", "--", java, "-cp", path, program, "default", STORAGE);
    assertThat(new JsonObject(none.out()).getString("error")).contains("EnvironmentCredential");
    var oidc = laptop.daypass("exec", OIDC, "--env", "--", "sh", "-c", "echo $DAYPASS_ROLE_TOKEN");
    assertThat(claims(oidc.out()).getString("sub")).isEqualTo("role:" + OIDC);
  }

  @Test
  void theLinesForAShellGiveItTheRole() {
    for (var role : List.of(GOOGLE, AZURE, OIDC)) {
      var lines = laptop.daypass("env", role, "--shell", "bash");
      assertThat(lines.exit()).as(lines.err()).isZero();
      var shell = laptop.run("sh", "-c", lines.out() + "env").out();
      assertThat(shell)
          .containsPattern("(CLOUDSDK_AUTH_ACCESS_TOKEN|AZURE_ACCESS_TOKEN|DAYPASS_ROLE_TOKEN)=.");
    }
    assertThat(laptop.daypass("env", AZURE, "--shell", "powershell").out())
        .contains("$env:AZURE_ACCESS_TOKEN = 'eyJ", "Env:AZURE_CLIENT_SECRET");
    assertThat(laptop.daypass("env", OIDC, "--shell", "fish").out())
        .contains("set -gx DAYPASS_ROLE_TOKEN 'eyJ");
    assertThat(
            new JsonObject(laptop.daypass("env", GOOGLE, "--json").out())
                .getJsonObject("variables")
                .getMap())
        .containsOnlyKeys(
            "CLOUDSDK_AUTH_ACCESS_TOKEN",
            "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "GOOGLE_OAUTH_ACCESS_TOKEN");
  }

  @ParameterizedTest
  @ValueSource(strings = {GOOGLE, AZURE, OIDC})
  void withoutAGrantNothingRuns(String role) {
    laptop.with("DAYPASS_TOKEN", world.person("pat"));
    var ran = exec(role, "touch", folder.resolve("ran").toString());
    assertThat(ran.exit()).isOne();
    assertThat(ran.err()).contains("daypass: hint: ");
    assertThat(folder.resolve("ran")).doesNotExist();
  }
}
