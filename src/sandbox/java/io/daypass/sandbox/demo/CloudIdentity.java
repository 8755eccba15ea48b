package io.daypass.sandbox.demo;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** Asks the cloud who it takes the holder of some keys for, with AWS's own SDK. */
public final class CloudIdentity {

  private CloudIdentity() {}

  /**
   * The SDK's answer; throws what the SDK throws.
   *
   * @param keys as {@code credential_process} prints them
   */
  public static GetCallerIdentityResponse of(JsonObject keys, String sts) {
    var credentials =
        AwsSessionCredentials.create(
            keys.getString("AccessKeyId"),
            keys.getString("SecretAccessKey"),
            keys.getString("SessionToken"));
    var noProfiles = ProfileFile.aggregator().build();
    try (var client =
        StsClient.builder()
            .region(Region.EU_CENTRAL_1)
            .endpointOverride(URI.create(sts))
            .credentialsProvider(StaticCredentialsProvider.create(credentials))
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(settings ->
                settings.defaultProfileFileSupplier(() -> noProfiles).defaultProfileName("none"))
            .build()) {
      return client.getCallerIdentity();
    }
  }
}
