package io.daypass.web.compat;

import io.daypass.policy.RoleArn;
import io.daypass.web.Answer;
import io.daypass.web.Code;
import io.daypass.web.Problem;

/**
 * Refusals as STS spells them. The code is chosen by whether an SDK's next try can help: AWS's SDKs
 * give up at once on what is denied or not valid, and try again on {@code Throttling}, {@code
 * IDPCommunicationError} and 5xx.
 */
final class StsErrors {

  private StsErrors() {}

  static Answer of(Problem problem) {
    return switch (Sort.of(problem)) {
      case MALFORMED -> of(400, "ValidationError", problem);
      case ACTION_UNKNOWN, GRANT_TYPE_UNKNOWN -> of(400, "InvalidAction", problem);
      case TOKEN_REFUSED -> of(400, "InvalidIdentityToken", problem);
      case TOKEN_EXPIRED -> of(400, "ExpiredTokenException", problem);
      case TARGET_UNKNOWN, SPENT, DENIED, HALTED -> of(403, "AccessDenied", problem);
      case POLICY_TOO_LARGE -> of(400, "PackedPolicyTooLarge", problem);
      case SLOW_DOWN, TOO_OFTEN -> of(429, "Throttling", problem);
      case ISSUER_AWAY -> of(400, "IDPCommunicationError", problem);
      case AWAY -> of(503, "ServiceUnavailable", problem);
      case CLOUD ->
          problem.code() == Code.CLOUD_FAILED
              ? of(503, "ServiceUnavailable", problem)
              : of(403, "AccessDenied", problem);
      case FAULT -> of(500, "InternalFailure", problem);
    };
  }

  /** Nothing says whose keys are meant. */
  static Answer unsigned() {
    return of(
        403,
        "MissingAuthenticationToken",
        Problem.of(
            Code.CREDENTIALS_MISSING,
            "the call carries no session token",
            "sign it with keys that were handed out here"));
  }

  /** Keys that are none of ours, or no more. */
  static Answer unknownKeys() {
    return of(
        403,
        "ExpiredToken",
        Problem.of(
            Code.TOKEN_EXPIRED,
            "these keys were not handed out here, or their grant is over",
            "ask AWS itself, or get new ones"));
  }

  /** No rule, no such role, or several with this ARN: one answer, which tells nobody which. */
  static Answer notAllowed(RoleArn arn) {
    return of(
        Problem.of(
            Code.DENIED_BY_POLICY,
            "no rule lets you have the role " + arn + " now",
            "ask the owners of the policies; a role whose ARN several roles share is asked for by"
                + " its name, at another door"));
  }

  private static Answer of(int status, String code, Problem problem) {
    var xml =
        new StsXml()
            .open("ErrorResponse")
            .open("Error")
            .text("Type", status < 500 ? "Sender" : "Receiver")
            .text("Code", code)
            .text(
                "Message", problem.detail() + " (" + problem.code().text() + "); " + problem.next())
            .close();
    if (problem.incident() != null) {
      xml.text("RequestId", problem.incident());
    }
    var answer = StsXml.answer(status, xml.close()).code(problem.code().text());
    var retryAfter = problem.answer().headers().get("Retry-After");
    return retryAfter == null ? answer : answer.header("Retry-After", retryAfter);
  }
}
