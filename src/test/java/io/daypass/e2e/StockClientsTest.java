package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** boto3 and the aws command where they are installed, at every door, as docs/machines.md says. */
class StockClientsTest {

  private static final String KEY =
      "import boto3; print('id=' + boto3.Session().get_credentials().get_frozen_credentials()"
          + ".access_key)";

  private final World world = Shared.world();

  @TempDir private Path home;

  private Shell shell() {
    return new Shell(home);
  }

  private void assumeBoto3() throws Exception {
    Needs.programs("python3");
    Needs.tool(shell().run(Map.of(), "python3", "-c", "import boto3").code() == 0, "boto3");
  }

  /** How a stock client is told to come to a door; each finds its token in a file. */
  enum Told {
    EXCHANGE {
      @Override
      Map<String, String> environment(World world, Path home) throws IOException {
        var token = Files.writeString(home.resolve("token"), world.pod());
        Files.writeString(
            home.resolve("config"),
            """
            [profile worker]
            credential_process = sh -c "curl -fsS %s/oauth2/token -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange -d audience=worker -d subject_token_type=urn:ietf:params:oauth:token-type:jwt --data-urlencode subject_token@%s | jq -r .access_token"
            """
                .formatted(world.url(), token));
        return Map.of(
            "AWS_CONFIG_FILE", home.resolve("config").toString(), "AWS_PROFILE", "worker");
      }
    },
    STS {
      @Override
      Map<String, String> environment(World world, Path home) throws IOException {
        return Map.of(
            "AWS_ENDPOINT_URL_STS",
            world.url() + "/sts",
            "AWS_ROLE_ARN",
            "arn:aws:iam::123456789012:role/daypass-worker",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            Files.writeString(home.resolve("token"), world.pod() + "\n").toString());
      }
    },
    CONTAINER {
      @Override
      Map<String, String> environment(World world, Path home) throws IOException {
        return Map.of(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            world.url() + "/aws/container-credentials/worker",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            Files.writeString(home.resolve("token"), world.pod()).toString());
      }
    };

    abstract Map<String, String> environment(World world, Path home) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void boto3_takes_credentials(Told door) throws Exception {
    Needs.programs("curl", "jq");
    assumeBoto3();
    var ran = shell().run(door.environment(world, home), "python3", "-c", KEY);
    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out()).containsPattern("id=ASIA[A-Z0-9]+\n");
  }

  @ParameterizedTest
  @EnumSource
  void the_aws_command_takes_credentials_and_the_cloud_knows_them(Told door) throws Exception {
    Needs.programs("aws", "curl", "jq");
    var who =
        shell()
            .run(
                door.environment(world, home),
                "aws",
                "--endpoint-url",
                world.sandbox.awsEndpoints().get("sts"),
                "sts",
                "get-caller-identity",
                "--output",
                "text");
    assertThat(who.code()).as(who.out()).isZero();
    assertThat(who.out()).contains("assumed-role/daypass-worker/");
  }

  @Test
  void sts_says_whose_keys_it_gave_and_nothing_else_and_a_profile_keeps_other_calls_away()
      throws Exception {
    Needs.programs("aws");
    var told = Told.STS.environment(world, home);
    var who = shell().run(told, "aws", "sts", "get-caller-identity");
    assertThat(who.code()).as(who.out()).isZero();
    assertThat(who.out()).contains("123456789012", "assumed-role/daypass-worker/");
    var stray = shell().run(told, "aws", "sts", "get-session-token");
    assertThat(stray.code()).isNotZero();
    assertThat(stray.out()).contains("InvalidAction", "AWS_ENDPOINT_URL_STS");

    var token = Files.writeString(home.resolve("token"), world.pod());
    Files.writeString(
        home.resolve("config"),
        """
        [profile daypass]
        role_arn = arn:aws:iam::123456789012:role/daypass-worker
        web_identity_token_file = %s
        services = daypass
        [services daypass]
        sts =
          endpoint_url = %s/sts
        """
            .formatted(token, world.url()));
    var profile = new LinkedHashMap<String, String>();
    profile.put("AWS_CONFIG_FILE", home.resolve("config").toString());
    profile.put("AWS_PROFILE", "daypass");
    var own =
        shell()
            .run(
                profile,
                "aws",
                "--endpoint-url",
                world.sandbox.awsEndpoints().get("sts"),
                "sts",
                "get-caller-identity",
                "--output",
                "text");
    assertThat(own.code()).as(own.out()).isZero();
    assertThat(own.out()).contains("assumed-role/daypass-worker/");
  }

  @Test
  void boto3_outlives_a_cloud_that_is_slow_for_one_answer_of_the_container_door() throws Exception {
    assumeBoto3();
    var hold = world.gate.holdAnswers();
    try {
      var boto = shell().start(Told.CONTAINER.environment(world, home), "python3", "-c", KEY);
      hold.awaitCall();
      // The door has given up on the first answer, or there would be no second call.
      hold.awaitCall();
      world.gate.openAll();
      var out =
          new String(boto.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(boto.waitFor()).as(out).isZero();
      assertThat(out).containsPattern("id=ASIA[A-Z0-9]+\n");
    } finally {
      world.gate.openAll();
    }
  }
}
