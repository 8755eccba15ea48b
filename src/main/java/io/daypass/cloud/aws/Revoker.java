package io.daypass.cloud.aws;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.Effort;
import io.daypass.cloud.wire.Failure;
import io.daypass.issuer.Assertion;
import io.daypass.issuer.Assertions;
import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.policy.RoleArn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;

/**
 * Daypass's own identity in an account, which may write the inline policies of Daypass's roles. Its
 * sessions never leave this process, are good for one role's inline policies only, and are not
 * kept.
 */
final class Revoker implements AutoCloseable {

  /** What its trust policy names; no role of the policies has a subject that begins so. */
  static final String SUBJECT = "daypass:revoker";

  private static final String SESSION = "daypass-revoker";

  /** STS reference, DurationSeconds: the least there is. */
  private static final Duration LIFE = Duration.ofMinutes(15);

  private final AwsConfig config;
  private final Assertions assertions;
  private final StsClients clients;
  private final Effort effort;
  private final InstantSource clock;

  Revoker(
      AwsConfig config,
      Assertions assertions,
      StsClients clients,
      Effort effort,
      InstantSource clock) {
    this.config = config;
    this.assertions = assertions;
    this.clients = clients;
    this.effort = effort;
    this.clock = clock;
  }

  /**
   * A session that may write the inline policies of {@code role}.
   *
   * @param about what it is wanted for, the assertion's jti
   */
  AwsSessionCredentials session(RoleArn role, UUID about) throws Failure {
    var own = own(role);
    var request =
        AssumeRoleWithWebIdentityRequest.builder()
            .roleArn(own.toString())
            .roleSessionName(SESSION)
            .webIdentityToken(assertions.sign(assertion(role, about), Algorithm.ES256))
            .durationSeconds(Math.toIntExact(LIFE.toSeconds()))
            .policy(policy(role))
            .build();
    var client = clients.of(AwsPartition.of(role));
    return keys(effort.make(deadline -> StsCall.make(client, request, deadline)), own);
  }

  private RoleArn own(RoleArn role) throws Failure {
    var name = config.revoker();
    if (name == null) {
      throw Failure.lasting(
          Reason.CLOUD_REFUSED, "clouds.aws.revoker is not set: nobody may cut sessions");
    }
    return new RoleArn(role.partition(), role.account(), "/", name);
  }

  private Assertion assertion(RoleArn role, UUID about) {
    return Assertion.toCloud(
        SUBJECT, config.audienceFor(role), about.toString(), clock.instant(), Map.of());
  }

  /** Whatever the revoker may do by itself, this session may do no more than it is for. */
  private static String policy(RoleArn role) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
        + "[\"iam:PutRolePolicy\",\"iam:DeleteRolePolicy\"],\"Resource\":\""
        + role
        + "\"}]}";
  }

  private static AwsSessionCredentials keys(AssumeRoleWithWebIdentityResponse answer, RoleArn own)
      throws Failure {
    var user = answer.assumedRoleUser();
    var keys = answer.credentials();
    var arn =
        "arn:%s:sts::%s:assumed-role/%s/%s"
            .formatted(own.partition(), own.account(), own.name(), SESSION);
    if (user == null
        || !arn.equals(user.arn())
        || !SUBJECT.equals(answer.subjectFromWebIdentityToken())
        || keys == null
        || keys.accessKeyId() == null
        || keys.secretAccessKey() == null
        || keys.sessionToken() == null) {
      throw Failure.lasting(Reason.CLOUD_ANSWER_WRONG, "differs: the revoker's session");
    }
    return AwsSessionCredentials.create(
        keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
  }

  @Override
  public void close() {
    clients.close();
  }
}
