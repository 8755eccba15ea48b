package io.daypass.cloud.aws;

import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.SafeText;
import io.daypass.cloud.SessionEnd;
import io.daypass.cloud.SessionName;
import io.daypass.cloud.SessionPolicyDocument;
import io.daypass.cloud.SourceIdentity;
import io.daypass.issuer.Assertion;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;

/**
 * The session that a grant amounts to, every part of it from the ledger's record and the role's
 * entry in the policies, and none from the caller.
 */
record WantedSession(
    RecordedGrant grant,
    RoleArn role,
    String audience,
    SessionName name,
    SourceIdentity owner,
    SessionEnd end,
    SessionPolicyDocument policy) {

  // STS reference, DurationSeconds.
  private static final Duration FLOOR = Duration.ofMinutes(15);
  private static final Duration CEILING = Duration.ofHours(12);
  private static final int LONGEST_ROLE = 64;

  static WantedSession of(RecordedGrant grant, Target.Aws target, AwsConfig config)
      throws MintException {
    if (!SafeText.fits(grant.role().name(), LONGEST_ROLE)) {
      // It goes into the assertion's subject and a tag; another spelling would be another role.
      throw new IllegalArgumentException("the role's name does not fit a session tag");
    }
    if (target.roleArn().name().equals(config.revoker())) {
      throw new MintException(
          Reason.CLOUD_REFUSED,
          new MintException.Said(
              "", "the role is clouds.aws.revoker: whoever had it could write policies"));
    }
    var end = SessionEnd.of(grant, FLOOR, CEILING);
    return new WantedSession(
        grant,
        target.roleArn(),
        config.audienceFor(target.roleArn()),
        SessionName.of(grant.requester(), grant.request()),
        SourceIdentity.of(grant.requester().id()),
        end,
        SessionPolicyDocument.until(end.at(), target.sessionPolicy()));
  }

  /** One subject per role, so that the trust in AWS can name it. */
  String subject() {
    return "role:" + grant.role().name();
  }

  String arn() {
    return "arn:"
        + role.partition()
        + ":sts::"
        + role.account()
        + ":assumed-role/"
        + role.name()
        + "/"
        + name.value();
  }

  /**
   * What is told to AWS (IAM user guide, "Passing session tags using AssumeRoleWithWebIdentity",
   * and "Monitor and control actions taken with assumed roles"). The tags are transitive: roles
   * that are assumed from the session carry them too.
   */
  Assertion assertion() {
    var tags =
        Map.of(
            "DaypassRequest", List.of(grant.request().value()),
            "DaypassIssuance", List.of(grant.issuance().toString()),
            "DaypassRequester", List.of(owner.value()),
            "DaypassRole", List.of(grant.role().name()));
    return Assertion.toCloud(
        subject(),
        audience,
        grant.issuance().toString(),
        grant.recordedAt(),
        Map.of(
            "https://aws.amazon.com/tags",
            Map.of(
                "principal_tags",
                tags,
                "transitive_tag_keys",
                tags.keySet().stream().sorted().toList()),
            "https://aws.amazon.com/source_identity",
            owner.value()));
  }

  AssumeRoleWithWebIdentityRequest request(String assertion) {
    return AssumeRoleWithWebIdentityRequest.builder()
        .roleArn(role.toString())
        .roleSessionName(name.value())
        .webIdentityToken(assertion)
        .durationSeconds(Math.toIntExact(end.asked().toSeconds()))
        .policy(policy.json())
        .build();
  }
}
