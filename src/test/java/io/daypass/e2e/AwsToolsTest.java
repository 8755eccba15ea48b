package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.Needs;
import io.daypass.sandbox.demo.Broken;
import io.daypass.sandbox.demo.CloudIdentity;
import io.daypass.sandbox.demo.Walk;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sts.model.StsException;

/** The minted keys in the hands of AWS's own tools, and the demo. */
class AwsToolsTest {

  private final World world = Shared.world();
  private final Api api = Shared.api();
  private final String sts = world.sandbox.awsEndpoints().get("sts");

  @TempDir private Path home;

  @Test
  void awss_sdk_signs_with_the_minted_keys() {
    var keys = api.credentials("ci-deploy", world.run()).is(200).json();
    var who = CloudIdentity.of(keys, sts);
    assertThat(who.account()).isEqualTo("123456789012").isEqualTo(keys.getString("AccountId"));
    assertThat(who.arn()).startsWith("arn:aws:sts::123456789012:assumed-role/daypass-ci-deploy/");
  }

  @Test
  void keys_that_were_tampered_with_sign_nothing() {
    var keys = api.credentials("ci-deploy", world.run()).is(200).json();
    var other = api.credentials("ci-deploy", world.run()).is(200).json();
    var mixed = keys.copy().put("SecretAccessKey", other.getString("SecretAccessKey"));
    assertThatThrownBy(() -> CloudIdentity.of(mixed, sts))
        .isInstanceOfSatisfying(
            StsException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch"));
  }

  @Test
  void the_aws_command_where_it_is_installed_says_the_same() throws Exception {
    Needs.programs("aws");
    var keys = api.credentials("ci-deploy", world.run()).is(200).json();
    var builder = new ProcessBuilder("aws", "sts", "get-caller-identity", "--output", "json");
    var environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("AWS_"));
    environment.put("AWS_ACCESS_KEY_ID", keys.getString("AccessKeyId"));
    environment.put("AWS_SECRET_ACCESS_KEY", keys.getString("SecretAccessKey"));
    environment.put("AWS_SESSION_TOKEN", keys.getString("SessionToken"));
    environment.put("AWS_ENDPOINT_URL_STS", sts);
    environment.put("AWS_DEFAULT_REGION", "eu-central-1");
    environment.put("AWS_CONFIG_FILE", home.resolve("config").toString());
    environment.put("AWS_SHARED_CREDENTIALS_FILE", home.resolve("credentials").toString());
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    var errors = home.resolve("errors");
    var aws = builder.redirectError(errors.toFile()).start();
    var text = new String(aws.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(aws.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(aws.exitValue()).as(Files.readString(errors)).isZero();
    System.out.println("aws sts get-caller-identity: " + new JsonObject(text).encode());
    assertThat(new JsonObject(text).getString("Arn"))
        .startsWith("arn:aws:sts::123456789012:assumed-role/daypass-ci-deploy/");
  }

  @Test
  void the_demo_names_the_step_that_does_not_hold() {
    var pat = world.person("pat");
    api.post("/v1/stop", pat, "reason", "to break the demo").is(200);
    try {
      var out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
      assertThatThrownBy(() -> new Walk(world.url(), world.sandbox.url(), out).run())
          .isInstanceOf(Broken.class)
          .hasMessageContaining("step 4, Alice takes AWS keys")
          .hasMessageContaining("expected 200 (code: stopped)");
    } finally {
      api.post("/v1/resume", pat).is(200);
    }
  }
}
