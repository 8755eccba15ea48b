package io.daypass.policy.yaml;

import io.daypass.policy.AwsAudience;

/**
 * What the settings say that policies must agree with.
 *
 * @param humans the issuers of people
 * @param awsAudience what assertions for AWS are for
 */
public record Installation(HumanIssuers humans, AwsAudience awsAudience) {

  /** There are no settings to look at: what {@code humans} says, and what is usual. */
  public static Installation usual(HumanIssuers humans) {
    return new Installation(humans, AwsAudience.STANDARD);
  }
}
