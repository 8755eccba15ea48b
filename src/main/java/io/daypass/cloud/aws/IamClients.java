package io.daypass.cloud.aws;

import io.daypass.cloud.wire.Wire;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;

/**
 * A client of IAM per partition, which looks for nothing in its surroundings. Each call brings the
 * keys that it is signed with.
 */
final class IamClients implements AutoCloseable {

  private final AwsConfig config;
  private final Wire wire;
  private final ConcurrentHashMap<AwsPartition, IamClient> clients = new ConcurrentHashMap<>();

  IamClients(AwsConfig config, Wire wire) {
    this.config = config;
    this.wire = wire;
  }

  IamClient of(AwsPartition partition) {
    return clients.computeIfAbsent(partition, this::client);
  }

  private IamClient client(AwsPartition partition) {
    var configured = config.endpoints().iam();
    var endpoint = configured != null ? configured : partition.iam();
    return StsClients.alone(IamClient.builder(), endpoint)
        .region(Region.of(partition.iamRegion()))
        .credentialsProvider(AnonymousCredentialsProvider.create())
        // What is signed is the path that the SDK asks for, and that is the root.
        .httpClient(new SdkWire(wire, endpoint.resolve("/")))
        .build();
  }

  @Override
  public void close() {
    clients.values().forEach(IamClient::close);
  }
}
