package io.daypass.cloud;

import io.daypass.cloud.MintException.Reason;
import io.daypass.policy.SessionPolicy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The session policy of one AWS session: what the role's own session policy leaves, or everything
 * the role may do, until the session's end.
 *
 * <p>The end is an explicit Deny, not a condition on an Allow: resource policies that name the
 * session add to what a session policy allows, but nothing gets past a Deny (STS reference,
 * AssumeRoleWithWebIdentity, "Policy"). Without any Allow a session could do nothing at all.
 *
 * @param json the document as it is sent
 */
public record SessionPolicyDocument(String json) {

  /** STS reference: the plain text of a session policy has at most so many characters. */
  public static final int LONGEST = 2048;

  private static final String ALLOW_ALL =
      "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}";

  // Four-digit years only: IAM's dates are ISO 8601 without signs.
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  /**
   * The document for a session that ends at {@code end}.
   *
   * @throws MintException with {@link Reason#SESSION_POLICY_TOO_LARGE}
   */
  public static SessionPolicyDocument until(Instant end, @Nullable SessionPolicy own)
      throws MintException {
    var last = end.isAfter(LAST) ? LAST : end.truncatedTo(ChronoUnit.SECONDS);
    var json =
        "{\"Version\":\"2012-10-17\",\"Statement\":["
            + (own == null ? ALLOW_ALL : own.statements())
            + ",{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
            + "{\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\""
            + last
            + "\"}}}]}";
    if (json.length() > LONGEST) {
      throw new MintException(Reason.SESSION_POLICY_TOO_LARGE);
    }
    return new SessionPolicyDocument(json);
  }
}
