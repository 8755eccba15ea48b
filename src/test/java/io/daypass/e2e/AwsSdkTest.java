package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.StsException;

/** The AWS SDK for Java as its users have it, at both AWS doors. */
class AwsSdkTest {

  private final World world = Shared.world();

  @TempDir private Path home;

  private StsClient sts() {
    return StsClient.builder()
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        // It leaves out the path that an endpoint may have.
        .endpointOverride(URI.create(world.url()))
        .build();
  }

  private String assumed(StsClient sts, String role, String token) {
    return sts.assumeRoleWithWebIdentity(call ->
            call.roleArn("arn:aws:iam::123456789012:role/daypass-" + role)
                .roleSessionName("sdk")
                .webIdentityToken(token))
        .credentials()
        .accessKeyId();
  }

  @Test
  void it_takes_credentials_by_web_identity_and_understands_a_refusal() {
    try (var sts = sts()) {
      assertThat(assumed(sts, "worker", world.pod())).startsWith("ASIA");
      assertThatThrownBy(() -> assumed(sts, "prod-admin", world.pod()))
          .isInstanceOfSatisfying(
              StsException.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDenied"));
      assertThatThrownBy(() -> assumed(sts, "worker", "forged"))
          .isInstanceOfSatisfying(
              StsException.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidIdentityToken"));
    }
  }

  @Test
  void it_takes_container_credentials() throws Exception {
    var settings = new LinkedHashMap<String, String>();
    settings.put(
        "aws.containerCredentialsFullUri", world.url() + "/aws/container-credentials/worker");
    settings.put(
        "aws.containerAuthorizationTokenFile",
        Files.writeString(home.resolve("token"), world.pod()).toString());
    assertThat(with(settings).accessKeyId()).startsWith("ASIA");
  }

  @Test
  void its_own_chain_finds_web_identity_by_the_usual_settings() throws Exception {
    var settings = new LinkedHashMap<String, String>();
    settings.put("aws.region", "eu-central-1");
    settings.put("aws.endpointUrlSts", world.url());
    settings.put("aws.roleArn", "arn:aws:iam::123456789012:role/daypass-worker");
    settings.put(
        "aws.webIdentityTokenFile",
        Files.writeString(home.resolve("token"), world.pod() + "\n").toString());
    assertThat(with(settings).accessKeyId()).startsWith("ASIA");
    settings.put("aws.roleArn", "arn:aws:iam::123456789012:role/daypass-prod-admin");
    assertThatThrownBy(() -> with(settings)).hasMessageContaining("no rule lets you have the role");
  }

  private static AwsCredentials with(Map<String, String> settings) {
    settings.forEach(System::setProperty);
    try (var provider = DefaultCredentialsProvider.builder().build()) {
      return provider.resolveCredentials();
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }
}
