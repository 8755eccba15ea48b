package io.daypass.cloud.aws;

import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;

/** One attempt at AssumeRoleWithWebIdentity. */
final class StsCall {

  private StsCall() {}

  static AssumeRoleWithWebIdentityResponse make(
      StsClient client, AssumeRoleWithWebIdentityRequest request, Deadline deadline)
      throws Failure {
    var thread = Thread.currentThread();
    var loader = thread.getContextClassLoader();
    // The SDK keeps an XML parser per thread, and each of our calls has a thread of its own. Found
    // by this loader it is the JDK's own, and is not looked for in every library for every call.
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      return ScopedValue.where(SdkWire.DEADLINE, deadline)
          .call(() -> client.assumeRoleWithWebIdentity(request));
    } catch (RuntimeException e) {
      throw StsFailures.of(e);
    } finally {
      thread.setContextClassLoader(loader);
    }
  }
}
