package io.daypass.cloud.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.policy.AwsRegion;
import io.daypass.policy.RoleArn;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.endpoints.AwsEndpointAttribute;
import software.amazon.awssdk.awscore.endpoints.authscheme.SigV4AuthScheme;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.endpoints.IamEndpointProvider;
import software.amazon.awssdk.services.sts.endpoints.StsEndpointProvider;

/** Partitions, held against what the SDK knows of them. */
class AwsPartitionTest {

  private static final Set<String> SERVED = Set.of("aws", "aws-cn", "aws-us-gov");

  /** Those whose names are no region's (aws-global and such) are left out. */
  static Stream<Region> regions() {
    return Region.regions().stream().filter(region -> !region.isGlobalRegion());
  }

  private static AwsPartition of(String id) {
    return AwsPartition.of(new RoleArn(id, "123456789012", "/", "x"));
  }

  @ParameterizedTest
  @MethodSource("regions")
  void a_region_is_in_the_partition_that_the_sdk_has_it_in_or_is_not_served(Region region) {
    var partition = PartitionMetadata.of(region).id();
    var parsed = AwsRegion.parse(region.id());
    if (SERVED.contains(partition)) {
      assertThat(parsed).hasValue(new AwsRegion(partition, region.id()));
    } else {
      assertThat(parsed).isEmpty();
      assertThat(RoleArn.parse("arn:" + partition + ":iam::123456789012:role/x")).isEmpty();
    }
  }

  static Stream<Region> served() {
    return regions().filter(region -> SERVED.contains(PartitionMetadata.of(region).id()));
  }

  @ParameterizedTest
  @MethodSource("served")
  void sts_and_iam_are_where_the_sdk_would_ask_them(Region region) {
    var partition = of(PartitionMetadata.of(region).id());
    var sts = StsEndpointProvider.defaultProvider().resolveEndpoint(to -> to.region(region)).join();
    var iam = IamEndpointProvider.defaultProvider().resolveEndpoint(to -> to.region(region)).join();
    assertThat(partition.sts(partition.region(region.id()))).isEqualTo(sts.endpointUrl().toUri());
    assertThat(partition.iam()).isEqualTo(iam.endpointUrl().toUri());
    assertThat(iam.attribute(AwsEndpointAttribute.AUTH_SCHEMES))
        .singleElement()
        .isInstanceOfSatisfying(
            SigV4AuthScheme.class,
            scheme -> assertThat(scheme.signingRegion()).isEqualTo(partition.iamRegion()));
  }

  @Test
  void no_other_partition_is_served() {
    assertThat(AwsPartition.values()).hasSize(SERVED.size());
    assertThat(SERVED).allSatisfy(id -> assertThat(of(id).region("eusc-de-east-1")).isNotEmpty());
  }
}
