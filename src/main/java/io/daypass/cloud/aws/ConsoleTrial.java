package io.daypass.cloud.aws;

import io.daypass.cloud.Attempts.Attempt;
import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.Finding;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.PlainCheckup;
import io.daypass.policy.Target;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the console takes a role's sessions: AWS wants those that it takes to be asked for by an
 * IAM user, if with DurationSeconds (IAM user guide, "Enable custom identity broker access to the
 * AWS console"), and Daypass is none.
 */
final class ConsoleTrial {

  private final AwsCloud aws;
  private final Target.Aws target;
  private @Nullable Finding found;

  ConsoleTrial(AwsCloud aws, Target.Aws target) {
    this.aws = aws;
    this.target = target;
  }

  /** Tries {@code session}, which comes back as it was, unless the role has no console. */
  AwsSession with(AwsSession session) {
    if (!target.console().isEmpty()) {
      try {
        aws.tryConsole(target, session);
      } catch (MintException e) {
        found = finding(new Attempt.Failed(e.reason(), e.said()));
      }
    }
    return session;
  }

  /** What was wrong; empty if nothing was. */
  Optional<Finding> found() {
    return Optional.ofNullable(found);
  }

  private static Finding finding(Attempt.Failed failed) {
    return failed.reason() == Reason.CLOUD_REFUSED
        ? Finding.wrong(
            "console_refused",
            "the console's sign-in does not take a session of the role",
            failed.words(),
            "open the role's console once; if that is refused too, and not this session alone, which"
                + " may nothing, take console out of the role in the policies")
        : PlainCheckup.of(failed, "");
  }
}
