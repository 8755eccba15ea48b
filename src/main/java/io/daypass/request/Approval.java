package io.daypass.request;

import io.daypass.identity.Identity;
import io.daypass.identity.SignInClaims;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One person's yes or no to a request.
 *
 * @param approver as they stand now, not as they stood when they decided
 * @param signIn what their token said of the sign-in that they decided with; null if that was not
 *     kept
 * @param shortenedTo the shorter duration the approver agreed to; null for what was asked
 * @param digest what was agreed to: requester, role, duration, reason, ticket and the role's
 *     definition; an approval of anything else counts for nothing
 */
public record Approval(
    Standing approver,
    @Nullable Map<String, Object> signIn,
    Verdict verdict,
    @Nullable String comment,
    @Nullable Duration shortenedTo,
    String digest,
    Instant at) {

  public Approval {
    signIn = signIn == null ? null : Map.copyOf(signIn);
  }

  /** Whom lines are held against: the approver as they stand now, in the sign-in of then. */
  public Identity judged() {
    return SignInClaims.in(approver.identity(), signIn);
  }

  /** Yes or no. */
  public enum Verdict {
    APPROVE,
    DENY
  }
}
