package io.daypass.request;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One person's yes or no to a request.
 *
 * @param approver as they stand now, not as they stood when they decided
 * @param shortenedTo the shorter duration the approver agreed to; null for what was asked
 * @param digest what was agreed to: requester, role, duration, reason, ticket and the role's
 *     definition; an approval of anything else counts for nothing
 */
public record Approval(
    Standing approver,
    Verdict verdict,
    @Nullable String comment,
    @Nullable Duration shortenedTo,
    String digest,
    Instant at) {

  /** Yes or no. */
  public enum Verdict {
    APPROVE,
    DENY
  }
}
