package io.daypass.request;

import io.daypass.identity.Identity;
import io.daypass.policy.Wish;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request about to be stored.
 *
 * @param requester as the presented token describes them
 * @param startsAt when the grant is wished to start; null for as soon as it is approved
 * @param automatic whether the rule approves it at once
 * @param lapseAfter how long it may wait for a decision
 * @param opener the token that opens it, where a token may open only one; null for people
 * @param idempotency the caller's own mark for this call; null if none
 */
public record NewRequest(
    RequestId id,
    Identity requester,
    String role,
    Wish wish,
    @Nullable Instant startsAt,
    AccessRequest.Basis basis,
    boolean automatic,
    Duration lapseAfter,
    @Nullable Opener opener,
    @Nullable Idempotency idempotency,
    @Nullable RequestId extendsRequest) {

  /**
   * The token that opens a request.
   *
   * @param replayKey unique among all tokens of all issuers
   * @param singleUse whether it opens one request ever, or one for each role
   */
  public record Opener(String replayKey, boolean singleUse, Instant expiresAt) {}

  /** The Idempotency-Key header, and a digest of what was asked under it. */
  public record Idempotency(String key, String digest) {}
}
