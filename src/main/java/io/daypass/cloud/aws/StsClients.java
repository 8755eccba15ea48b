package io.daypass.cloud.aws;

import io.daypass.cloud.wire.Wire;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * A client per partition, made without a look at its surroundings: no profile, no environment, no
 * instance metadata decides where a call goes, and there are no credentials to find. The assertion
 * is the only proof ever shown.
 */
final class StsClients implements AutoCloseable {

  private final AwsConfig config;
  private final Wire wire;
  private final ConcurrentHashMap<AwsPartition, StsClient> clients = new ConcurrentHashMap<>();

  StsClients(AwsConfig config, Wire wire) {
    this.config = config;
    this.wire = wire;
  }

  StsClient of(AwsPartition partition) {
    return clients.computeIfAbsent(partition, this::client);
  }

  URI endpoint(AwsPartition partition) {
    var configured = config.endpoints().sts();
    return configured != null ? configured : partition.sts(partition.region(config.region()));
  }

  private StsClient client(AwsPartition partition) {
    var region = partition.region(config.region());
    var endpoint = endpoint(partition);
    var noProfiles = ProfileFile.aggregator().build();
    return StsClient.builder()
        .region(Region.of(region))
        // Always said, for else the environment and profiles may name another.
        .endpointOverride(endpoint)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .defaultsMode(DefaultsMode.STANDARD)
        .dualstackEnabled(false)
        .fipsEnabled(false)
        .httpClient(new SdkWire(wire, endpoint))
        .overrideConfiguration(settings ->
            settings
                .defaultProfileFileSupplier(() -> noProfiles)
                .defaultProfileName("none")
                // Effort decides, for the SDK repeats calls whose answer was lost.
                .retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .build();
  }

  @Override
  public void close() {
    clients.values().forEach(StsClient::close);
  }
}
