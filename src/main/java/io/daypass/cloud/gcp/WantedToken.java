package io.daypass.cloud.gcp;

import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.SessionName;
import io.daypass.cloud.SourceIdentity;
import io.daypass.issuer.Assertion;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The token that a grant amounts to, every part of it from the ledger's record and the role's entry
 * in the policies, and none from the caller.
 *
 * @param account the service account whose token it is: one of the target's
 * @param begun {@link System#nanoTime} when the mint began, not long after the grant was recorded
 */
record WantedToken(RecordedGrant grant, Target.Google target, String account, long begun) {

  /** IAM Service Account Credentials API, generateAccessToken, lifetime. */
  private static final Duration LONGEST = Duration.ofHours(12);

  /** Less than this is over before it can be used. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  /**
   * By so much a token's life is asked to end before the grant does. Google counts a life from the
   * moment it reads the call, so the way there, and what its clock and the database's differ by,
   * would be added to it; an attempt is over after 4 s.
   */
  private static final Duration ALLOWANCE = Duration.ofSeconds(5);

  // IAM guide, "Workload identity federation": google.subject has at most 127 bytes.
  private static final int LONGEST_SUBJECT = 127;

  static WantedToken of(RecordedGrant grant, Target.Google target, String account, long begun)
      throws MintException {
    var wanted = new WantedToken(grant, target, account, begun);
    if (wanted.subject().getBytes(StandardCharsets.UTF_8).length > LONGEST_SUBJECT) {
      throw new IllegalArgumentException("the role's name is too long to be a subject at Google");
    }
    if (wanted.lifetime().compareTo(SHORTEST) < 0) {
      throw new MintException(Reason.GRANT_TOO_SHORT);
    }
    return wanted;
  }

  /** The database's clock, as far as this machine can tell: its own clock decides nothing. */
  Instant now() {
    return grant.recordedAt().plusNanos(System.nanoTime() - begun);
  }

  /**
   * The life to ask for at this moment, in whole seconds; less than nothing once it is too late.
   */
  Duration lifetime() {
    var left = Duration.between(now(), grant.endsAt()).minus(ALLOWANCE);
    var wanted = grant.role().credentialLifetime();
    var longest = wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST;
    var shorter = left.compareTo(longest) < 0 ? left : longest;
    return Duration.ofSeconds(Math.floorDiv(shorter.toMillis(), 1000));
  }

  /** Whether there still is a life worth asking for. */
  boolean isWorthAsking() {
    return lifetime().compareTo(SHORTEST) >= 0;
  }

  /** One subject per role, so that the trust in Google can name it. */
  String subject() {
    return "role:" + grant.role().name();
  }

  /**
   * What is told to Google. Its audience is the provider's own name, so it is good for one pool of
   * one project; what the provider maps into Google's audit log is chosen there.
   */
  Assertion assertion() {
    return Assertion.toCloud(
        subject(),
        target.workloadIdentityProvider(),
        grant.issuance().toString(),
        grant.recordedAt(),
        Map.of(
            "daypass",
            Map.of(
                "role", grant.role().name(),
                "request", grant.request().value(),
                "issuance", grant.issuance().toString(),
                "requester", SourceIdentity.of(grant.requester().id()).value(),
                "session", SessionName.of(grant.requester(), grant.request()).value())));
  }
}
