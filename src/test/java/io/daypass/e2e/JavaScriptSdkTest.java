package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AWS SDK for JavaScript, from its registry, with nothing but the SDK's own variables. */
class JavaScriptSdkTest {

  private static final Npm SDK = Npm.of("js", "js");

  private final World world = Shared.world();

  @TempDir private Path home;

  @BeforeAll
  static void install() throws Exception {
    SDK.install();
  }

  private JsonObject taken(Map<String, String> more) throws Exception {
    var environment = new LinkedHashMap<>(more);
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("CLOUD_STS", world.sandbox.awsEndpoints().get("sts"));
    var ran = new Shell(home).run(environment, "node", SDK.program("credentials.mjs"));
    return new JsonObject(ran.out().substring(ran.out().indexOf('{')));
  }

  private Map<String, String> webIdentity(String role, String token) throws IOException {
    return Map.of(
        "AWS_ENDPOINT_URL_STS",
        world.url() + "/sts",
        "AWS_ROLE_ARN",
        "arn:aws:iam::123456789012:role/daypass-" + role,
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        Files.writeString(home.resolve("token"), token + "\n").toString());
  }

  private Map<String, String> container(String role, String token) throws IOException {
    return Map.of(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        world.url() + "/aws/container-credentials/" + role,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        Files.writeString(home.resolve("raw"), token).toString());
  }

  @Test
  void it_takes_credentials_by_web_identity_and_the_cloud_knows_them() throws Exception {
    var taken = taken(webIdentity("worker", world.pod()));
    assertThat(taken.getString("arn")).as(taken.encode()).contains(":assumed-role/daypass-worker/");
    assertThat(taken.getString("expires")).isNotNull();
  }

  @Test
  void it_takes_container_credentials_and_the_cloud_knows_them() throws Exception {
    var taken = taken(container("worker", world.pod()));
    assertThat(taken.getString("arn")).as(taken.encode()).contains(":assumed-role/daypass-worker/");
    assertThat(taken.getString("expires")).isNotNull();
  }

  @Test
  void it_understands_a_refusal_at_both() throws Exception {
    assertThat(taken(webIdentity("prod-admin", world.pod())).getString("error"))
        .isEqualTo("AccessDenied");
    assertThat(taken(webIdentity("worker", "forged")).getString("error"))
        .startsWith("InvalidIdentityToken");
    var refused = taken(container("prod-admin", world.pod()));
    assertThat(refused.getString("error")).as(refused.encode()).isNotNull();
    assertThat(refused.containsKey("arn")).isFalse();
  }
}
