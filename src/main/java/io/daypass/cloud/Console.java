package io.daypass.cloud;

import io.daypass.cloud.Credential.AwsSession;
import io.daypass.policy.Target;

/** Turns a session into a link that signs a browser in to the cloud's console. */
public interface Console {

  /**
   * A link that can be used for a few minutes by whoever holds it, and whose console session ends
   * with {@code session}.
   *
   * @param destination one of the target's console destinations
   * @throws MintException if the cloud refused or failed
   */
  Secret link(Target.Aws target, AwsSession session, String destination) throws MintException;
}
