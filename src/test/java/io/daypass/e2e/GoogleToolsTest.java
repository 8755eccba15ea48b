package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Google's own tools, with nothing of Daypass installed. */
@Timeout(300)
class GoogleToolsTest {

  private static final String ROLE = "gcp-logs";
  private static final Path LIBRARY = Path.of("/usr/lib/google-cloud-sdk/lib/third_party");

  private final World world = Shared.world();
  private final Api api = Shared.api();

  @TempDir private Path home;

  private record Said(int exit, String out, String errors) {}

  @Test
  void googles_python_library_gets_a_token_from_a_file() throws Exception {
    var said = python(account(Map.of("file", file(nightly()).toString())));
    assertThat(said.exit()).as(said.errors()).isZero();
    var answer = new JsonObject(said.out());
    assertThat(allowed(answer.getString("token")).getBoolean("allowed")).isTrue();
    assertThat(Instant.parse(answer.getString("expiry") + "Z"))
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(12)), Instant.now().plus(Duration.ofMinutes(15)));
  }

  @Test
  void googles_python_library_gets_a_token_from_a_url() throws Exception {
    var url =
        world.sandbox.url()
            + "/kubernetes/token?audience="
            + world.url()
            + "&namespace=reports&serviceaccount=nightly";
    var said = python(account(Map.of("url", url, "format", new JsonObject().put("type", "text"))));
    assertThat(said.exit()).as(said.errors()).isZero();
    var token = new JsonObject(said.out()).getString("token");
    assertThat(allowed(token).getBoolean("allowed")).isTrue();
  }

  @Test
  void googles_python_library_is_told_why_there_is_none() throws Exception {
    var stranger = world.sandbox.kubernetes().token(world.url(), "reports", "stranger");
    var said = python(account(Map.of("file", file(stranger).toString())));
    assertThat(said.exit()).isNotZero();
    assertThat(said.errors()).contains("invalid_target").doesNotContain(stranger);
  }

  @Test
  void gcloud_works_with_a_token_in_a_file() throws Exception {
    var token =
        api.any(
                api.request("/v1/roles/" + ROLE + "/credentials", nightly())
                    .POST(java.net.http.HttpRequest.BodyPublishers.noBody()))
            .is(200)
            .text("access_token");
    var said =
        gcloud(
            Map.of("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", file(token).toString()),
            "projects",
            "describe",
            "acme-prod",
            "--format=json");
    assertThat(said.exit()).as(said.errors()).isZero();
    assertThat(new JsonObject(said.out()).getString("projectId")).isEqualTo("acme-prod");
  }

  @Test
  void gcloud_signs_in_with_a_file_of_ours_and_works() throws Exception {
    var config = account(Map.of("file", file(nightly()).toString()));
    var login = gcloud(Map.of(), "auth", "login", "--cred-file=" + config, "--quiet");
    assertThat(login.exit()).as(login.errors()).isZero();
    var said = gcloud(Map.of(), "projects", "describe", "acme-prod", "--format=json");
    assertThat(said.exit()).as(said.errors()).isZero();
    assertThat(new JsonObject(said.out()).getString("projectId")).isEqualTo("acme-prod");
  }

  private String nightly() {
    return world.sandbox.kubernetes().token(world.url(), "reports", "nightly");
  }

  /** An {@code external_account} file as docs/machines.md has it. */
  private Path account(Map<String, Object> source) throws IOException {
    var account =
        new JsonObject()
            .put("type", "external_account")
            .put("audience", ROLE)
            .put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")
            .put("token_url", world.url() + "/oauth2/token")
            .put("token_info_url", world.url() + "/oauth2/introspect")
            .put("credential_source", new JsonObject(source));
    return Files.writeString(home.resolve("daypass.json"), account.encode());
  }

  private Path file(String token) throws IOException {
    return Files.writeString(home.resolve("token"), token);
  }

  private JsonObject allowed(String token) {
    return api.any(
            java.net.http.HttpRequest.newBuilder(
                    java.net.URI.create(world.sandbox.url() + "/gcp/allowed"))
                .header("Authorization", "Bearer " + token))
        .json();
  }

  private Said python(Path account) throws Exception {
    Needs.programs("python3");
    Needs.tool(Files.isDirectory(LIBRARY.resolve("google/auth")), "google-auth for Python");
    var program =
        """
        import json, sys
        sys.path.insert(0, sys.argv[1])
        import google.auth
        from google.auth.transport.requests import Request
        credentials, _ = google.auth.load_credentials_from_file(
            sys.argv[2], scopes=["https://www.googleapis.com/auth/cloud-platform"])
        credentials.refresh(Request())
        print(json.dumps({"token": credentials.token,
                          "expiry": credentials.expiry.isoformat()}))
        """;
    return run(Map.of(), List.of("python3", "-c", program, LIBRARY.toString(), account.toString()));
  }

  private Said gcloud(Map<String, String> more, String... arguments) throws Exception {
    Needs.programs("gcloud");
    var command = new JsonArray().add("gcloud");
    Arrays.stream(arguments).forEach(command::add);
    var environment = new java.util.HashMap<>(more);
    environment.put("CLOUDSDK_CONFIG", home.resolve("gcloud").toString());
    environment.put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
    environment.put("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "1");
    environment.put("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "1");
    environment.put(
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER",
        world.sandbox.gcpEndpoints().get("resource-manager") + "/");
    return run(environment, command.stream().map(Object::toString).toList());
  }

  private Said run(Map<String, String> more, List<String> command) throws Exception {
    var builder = new ProcessBuilder(command);
    var environment = builder.environment();
    environment
        .keySet()
        .removeIf(name -> name.startsWith("CLOUDSDK_") || name.startsWith("GOOGLE_"));
    environment.put("HOME", home.toString());
    environment.put("GCE_METADATA_HOST", "127.0.0.1:1");
    environment.put("NO_PROXY", "localhost,127.0.0.1");
    environment.putAll(more);
    var errors = home.resolve("errors");
    var process = builder.redirectError(errors.toFile()).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), out, Files.readString(errors));
  }
}
