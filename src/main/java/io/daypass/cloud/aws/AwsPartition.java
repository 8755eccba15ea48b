package io.daypass.cloud.aws;

import io.daypass.policy.AwsRegion;
import io.daypass.policy.RoleArn;
import java.net.URI;

/**
 * A part of AWS with accounts and endpoints of its own (IAM user guide, "Enabling custom identity
 * broker access to the AWS console", for the sign-in hosts).
 */
enum AwsPartition {
  AWS("aws", "us-east-1", "amazonaws.com", "signin.aws.amazon.com", "console.aws.amazon.com"),
  CHINA("aws-cn", "cn-north-1", "amazonaws.com.cn", "signin.amazonaws.cn", "console.amazonaws.cn"),
  GOVERNMENT(
      "aws-us-gov",
      "us-gov-west-1",
      "amazonaws.com",
      "signin.amazonaws-us-gov.com",
      "console.amazonaws-us-gov.com");

  private final String id;
  private final String defaultRegion;
  private final String domain;
  private final String signin;
  private final String console;

  AwsPartition(String id, String defaultRegion, String domain, String signin, String console) {
    this.id = id;
    this.defaultRegion = defaultRegion;
    this.domain = domain;
    this.signin = signin;
    this.console = console;
  }

  static AwsPartition of(RoleArn role) {
    for (var partition : values()) {
      if (partition.id.equals(role.partition())) {
        return partition;
      }
    }
    throw new IllegalArgumentException("not a partition: " + role.partition());
  }

  /** {@code configured} if that region is in this partition, else this partition's default. */
  String region(String configured) {
    return AwsRegion.parse(configured)
        .filter(region -> region.partition().equals(id))
        .map(AwsRegion::name)
        .orElse(defaultRegion);
  }

  /** The regional endpoint: the global one is one region's, and its tokens are longer. */
  URI sts(String region) {
    return URI.create("https://sts." + region + "." + domain);
  }

  /** AWS general reference, "IAM endpoints and quotas": one in each partition. */
  URI iam() {
    return URI.create(
        switch (this) {
          case AWS -> "https://iam.amazonaws.com";
          case CHINA -> "https://iam.cn-north-1.amazonaws.com.cn";
          case GOVERNMENT -> "https://iam.us-gov.amazonaws.com";
        });
  }

  /** The region that requests to {@link #iam} are signed for; also this partition's default. */
  String iamRegion() {
    return defaultRegion;
  }

  URI signin() {
    return URI.create("https://" + signin);
  }

  URI console() {
    return URI.create("https://" + console);
  }
}
