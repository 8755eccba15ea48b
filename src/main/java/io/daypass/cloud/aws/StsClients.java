package io.daypass.cloud.aws;

import io.daypass.cloud.wire.Wire;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
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
    return alone(StsClient.builder(), endpoint)
        .region(Region.of(region))
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .httpClient(new SdkWire(wire, endpoint))
        .build();
  }

  /** {@code builder} of a client that nothing in its surroundings has a say in. */
  static <B extends AwsClientBuilder<B, C>, C> B alone(B builder, URI endpoint) {
    var noProfiles = ProfileFile.aggregator().build();
    return builder
        // Always said, for else the environment and profiles may name another.
        .endpointOverride(endpoint)
        .defaultsMode(DefaultsMode.STANDARD)
        .dualstackEnabled(false)
        .fipsEnabled(false)
        .overrideConfiguration(settings ->
            settings
                .defaultProfileFileSupplier(() -> noProfiles)
                .defaultProfileName("none")
                // Effort decides, for the SDK repeats calls whose answer was lost.
                .retryStrategy(DefaultRetryStrategy.doNotRetry()));
  }

  @Override
  public void close() {
    clients.values().forEach(StsClient::close);
  }
}
