package io.daypass.cloud;

import java.time.Instant;

/** What a cloud gave. */
public sealed interface Credential {

  /** When it stops working: never after the end of its grant. */
  Instant expiresAt();

  /** What the ledger calls it: an identifier that is no secret. */
  String id();

  /** SHA-256 of the part that grants access, hex: enough to recognise a leaked credential. */
  String fingerprint();

  /**
   * AWS session keys.
   *
   * @param expiresAt the earlier of STS's expiration and the end of the grant
   */
  record AwsSession(
      String accessKeyId,
      Secret secretAccessKey,
      Secret sessionToken,
      String accountId,
      Instant expiresAt)
      implements Credential {
    @Override
    public String id() {
      return accessKeyId;
    }

    @Override
    public String fingerprint() {
      return sessionToken.fingerprint();
    }
  }
}
