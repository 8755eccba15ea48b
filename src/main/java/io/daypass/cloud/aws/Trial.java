package io.daypass.cloud.aws;

import io.daypass.cloud.MintException;
import io.daypass.cloud.SessionPolicyDocument;
import io.daypass.issuer.Assertion;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.time.Duration;
import java.util.HashMap;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;

/**
 * A session as a caller would get it, but for what a checkup leaves out, and good for nothing from
 * its first second on: its policy denies everything from then.
 *
 * @param tags whether the assertion carries session tags
 * @param sourceIdentity whether it carries a source identity
 * @param duration what is asked for; no less than STS gives
 */
record Trial(boolean tags, boolean sourceIdentity, Duration duration) {

  private static final String TAGS = "https://aws.amazon.com/tags";
  private static final String SOURCE_IDENTITY = "https://aws.amazon.com/source_identity";

  static Trial whole(Duration duration) {
    return new Trial(true, true, duration);
  }

  Assertion assertion(WantedSession wanted) {
    var whole = wanted.assertion();
    var claims = new HashMap<>(whole.claims());
    if (!tags) {
      claims.remove(TAGS);
    }
    if (!sourceIdentity) {
      claims.remove(SOURCE_IDENTITY);
    }
    return new Assertion(
        whole.subject(), whole.audience(), whole.id(), whole.issuedAt(), whole.expiresAt(), claims);
  }

  AssumeRoleWithWebIdentityRequest request(
      WantedSession wanted, RecordedGrant grant, Target.Aws target, String assertion)
      throws MintException {
    var over = SessionPolicyDocument.until(grant.recordedAt(), target.sessionPolicy());
    return wanted.request(assertion).toBuilder()
        .durationSeconds(Math.toIntExact(duration.toSeconds()))
        .policy(over.json())
        .build();
  }
}
