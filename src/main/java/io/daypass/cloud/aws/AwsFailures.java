package io.daypass.cloud.aws;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.CleanText;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.RetryAfter;
import io.daypass.cloud.wire.WireException;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Translates what the SDK throws, by status and error code, and by the text of a message only where
 * one code means too much ({@link AssertionRefusal}).
 */
final class AwsFailures {

  // STS and IAM references, "Common errors", and AssumeRoleWithWebIdentity, "Errors".
  private static final Set<String> THROTTLING =
      Set.of(
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "RequestThrottled",
          "RequestLimitExceeded",
          "TooManyRequestsException",
          "SlowDown");

  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9.]{1,64}");

  private AwsFailures() {}

  static Failure of(RuntimeException failure) {
    if (failure instanceof AwsServiceException refusal) {
      return refused(refusal).coded(code(refusal.awsErrorDetails()));
    }
    if (failure instanceof AbortedException) {
      // Somebody interrupted this thread; whether the request had left is not known.
      return Failure.lasting(Reason.CLOUD_FAILED, "interrupted");
    }
    // Without a fault on the wire there was an answer, and the SDK could not make sense of it.
    var wire = WireException.in(failure);
    return wire != null
        ? Failure.of(wire)
        : Failure.lasting(
            Reason.CLOUD_ANSWER_WRONG, "unreadable: " + failure.getClass().getSimpleName());
  }

  private static Failure refused(AwsServiceException refusal) {
    var details = refusal.awsErrorDetails();
    var code = code(details);
    var status = refusal.statusCode();
    var detail = status + " " + code + ": " + CleanText.of(message(details));
    if (status == 429 || THROTTLING.contains(code)) {
      return Failure.passing(Reason.CLOUD_THROTTLED, retryAfter(details), detail);
    }
    if (status >= 500 || code.equals("IDPCommunicationError")) {
      return Failure.passing(Reason.CLOUD_FAILED, retryAfter(details), detail);
    }
    if (code.equals("InvalidIdentityToken") && !AssertionRefusal.of(message(details)).isLasting()) {
      // Said also where AWS could not read the issuer's keys in time, which passes.
      return Failure.passing(Reason.CLOUD_REFUSED, retryAfter(details), detail);
    }
    if (code.equals("PackedPolicyTooLarge")) {
      return Failure.lasting(Reason.SESSION_POLICY_TOO_LARGE, detail);
    }
    return Failure.lasting(
        status >= 400 ? Reason.CLOUD_REFUSED : Reason.CLOUD_ANSWER_WRONG, detail);
  }

  private static String code(@Nullable AwsErrorDetails details) {
    var code = details == null ? null : details.errorCode();
    return code != null && CODE.matcher(code).matches() ? code : "none";
  }

  private static String message(@Nullable AwsErrorDetails details) {
    var message = details == null ? null : details.errorMessage();
    return message == null ? "" : message;
  }

  private static @Nullable Duration retryAfter(@Nullable AwsErrorDetails details) {
    var answer = details == null ? null : details.sdkHttpResponse();
    return answer == null
        ? null
        : answer.firstMatchingHeader("Retry-After").map(RetryAfter::of).orElse(null);
  }
}
