package io.daypass.cloud;

import io.daypass.cloud.Attempts.Attempt;
import io.daypass.policy.Durations;
import io.daypass.policy.Role;
import io.daypass.policy.Target;
import java.time.Duration;
import java.util.List;

/**
 * One attempt, as a caller's would be. For clouds whose refusals say by themselves what is wrong.
 *
 * @param life how long an attempt's credential lives, for a role: no longer than it must
 * @param told what the cloud must have been told of a role, in one sentence
 */
public record PlainCheckup(Cloud cloud, Life life, Told told) implements Checkup {

  /** How long a credential that nobody gets has to live. */
  @FunctionalInterface
  public interface Life {
    Duration of(Role role);
  }

  /** What to look at where the cloud refused. */
  @FunctionalInterface
  public interface Told {
    String of(Role role);
  }

  @Override
  public boolean serves(Target target) {
    return cloud.serves(target);
  }

  @Override
  public List<Finding> of(Role role, Attempts attempts) {
    return switch (attempts.make(life.of(role), cloud::mint)) {
      case Attempt.Minted _ ->
          List.of(
              Finding.good(
                  "mints",
                  "the whole way works, for credentials of at most "
                      + Durations.show(role.credentialLifetime())));
      case Attempt.Failed failed -> List.of(of(failed, told.of(role)));
    };
  }

  /** What a failed attempt means wherever it was made. */
  public static Finding of(Attempt.Failed failed, String toldIt) {
    var code = failed.reason().code();
    var said = failed.words();
    return switch (failed.reason()) {
      case CLOUD_REFUSED -> Finding.wrong(code, "the cloud refuses", said, toldIt);
      case CLOUD_UNREACHABLE ->
          Finding.wrong(
              code,
              "the cloud cannot be reached from here",
              said,
              "let this machine reach it, or mend the endpoint in the settings");
      case CLOUD_THROTTLED, CLOUD_BUSY ->
          Finding.wrong(code, "the cloud asks for patience", said, "run this again in a minute");
      case CLOUD_FAILED ->
          Finding.wrong(code, "the cloud failed or did not answer in time", said, "run this again");
      case CLOUD_ANSWER_WRONG ->
          Finding.wrong(
              code,
              "the cloud answered something else than was asked",
              said,
              "look at who answers at that endpoint; its answers are never handed out");
      case KEYS_UNAVAILABLE ->
          Finding.wrong(
              code, "there is no signing key", said, "start the service once: daypass serve");
      case SESSION_POLICY_TOO_LARGE ->
          Finding.wrong(
              code,
              "the session policy and the tags are larger than the cloud takes",
              said,
              "make the role's session-policy shorter");
      case GRANT_TOO_SHORT ->
          Finding.wrong(
              code,
              "the role's credential-lifetime is shorter than the cloud can give",
              said,
              "raise credential-lifetime");
      // A checkup has no grant for which access could be made.
      case GRANT_OVER, ACCESS_TAKEN, ACCESS_NOT_READY ->
          Finding.warning(
              "access_not_tried",
              "the access that is made for each grant is not tried without a grant",
              "ask for the role once, and return it");
    };
  }
}
