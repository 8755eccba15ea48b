package io.daypass.cloud.aws;

import io.daypass.cloud.wire.Deadline;
import io.daypass.cloud.wire.Failure;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;

/** One attempt at AssumeRoleWithWebIdentity. */
final class StsCall {

  private StsCall() {}

  static AssumeRoleWithWebIdentityResponse make(
      StsClient client, AssumeRoleWithWebIdentityRequest request, Deadline deadline)
      throws Failure {
    try {
      return ScopedValue.where(SdkWire.DEADLINE, deadline)
          .call(() -> client.assumeRoleWithWebIdentity(request));
    } catch (RuntimeException e) {
      throw AwsFailures.of(e);
    }
  }
}
