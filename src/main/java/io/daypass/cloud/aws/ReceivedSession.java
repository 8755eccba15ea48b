package io.daypass.cloud.aws;

import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.wire.Failure;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.Credentials;

/** What came back, compared with what was asked. Anything else than that is not handed out. */
final class ReceivedSession {

  // IAM user guide, "IAM identifiers": ASIA begins the id of a temporary access key.
  private static final Pattern ACCESS_KEY = Pattern.compile("ASIA[A-Z0-9]{12,124}");
  private static final int SHORTEST_SECRET = 16;
  private static final int LONGEST_SECRET = 256;
  private static final int LONGEST_TOKEN = 16384;

  /** By how much AWS's clock and the database's may differ, and how long the call may take. */
  private static final Duration TOLERANCE = Duration.ofSeconds(60);

  private ReceivedSession() {}

  static AwsSession of(
      AssumeRoleWithWebIdentityResponse answer, WantedSession wanted, String issuer)
      throws Failure {
    var user = answer.assumedRoleUser();
    require(user != null, "assumed role user");
    require(wanted.arn().equals(user.arn()), "arn");
    var id = user.assumedRoleId();
    require(id != null && id.endsWith(":" + wanted.name().value()), "assumed role id");
    require(wanted.subject().equals(answer.subjectFromWebIdentityToken()), "subject");
    require(wanted.audience().equals(answer.audience()), "audience");
    require(isOurs(answer.provider(), wanted, issuer), "provider");
    require(wanted.owner().value().equals(answer.sourceIdentity()), "source identity");
    var keys = answer.credentials();
    require(keys != null, "credentials");
    return session(keys, wanted);
  }

  /** A checkup's session, in which a source identity need not be. */
  static AwsSession ofTrial(AssumeRoleWithWebIdentityResponse answer, WantedSession wanted)
      throws Failure {
    var user = answer.assumedRoleUser();
    require(user != null && wanted.arn().equals(user.arn()), "arn");
    var keys = answer.credentials();
    require(keys != null, "credentials");
    return session(keys, wanted);
  }

  private static AwsSession session(Credentials keys, WantedSession wanted) throws Failure {
    require(matches(ACCESS_KEY, keys.accessKeyId()), "access key id");
    require(plain(keys.secretAccessKey(), LONGEST_SECRET), "secret access key");
    require(plain(keys.sessionToken(), LONGEST_TOKEN), "session token");
    var expiration = keys.expiration();
    var recordedAt = wanted.grant().recordedAt();
    require(expiration != null && expiration.isAfter(recordedAt), "expiration in the past");
    var latest = recordedAt.plus(wanted.end().asked()).plus(TOLERANCE);
    require(!expiration.isAfter(latest), "expiration too late");
    return new AwsSession(
        keys.accessKeyId(),
        new Secret(keys.secretAccessKey()),
        new Secret(keys.sessionToken()),
        wanted.role().account(),
        wanted.end().earlierThan(expiration));
  }

  /** AWS names the provider by our URL or by the ARN of the provider that stands for it. */
  private static boolean isOurs(@Nullable String provider, WantedSession wanted, String issuer) {
    var role = wanted.role();
    var host = issuer.substring(issuer.indexOf("://") + 3);
    var arn = "arn:" + role.partition() + ":iam::" + role.account() + ":oidc-provider/" + host;
    return Objects.equals(provider, issuer) || Objects.equals(provider, arn);
  }

  private static boolean matches(Pattern shape, @Nullable String text) {
    return text != null && shape.matcher(text).matches();
  }

  /**
   * Base64 of either alphabet: no character that JSON, a header or a shell would have to escape.
   */
  private static boolean plain(@Nullable String text, int longest) {
    return text != null
        && text.length() >= SHORTEST_SECRET
        && text.length() <= longest
        && text.chars().allMatch(ReceivedSession::isBase64);
  }

  private static boolean isBase64(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "+/=_-".indexOf(c) >= 0;
  }

  private static void require(boolean held, String what) throws Failure {
    if (!held) {
      throw Failure.lasting(Reason.CLOUD_ANSWER_WRONG, "differs: " + what);
    }
  }
}
