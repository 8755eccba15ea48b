package io.daypass.cloud.azure;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.CleanText;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.RetryAfter;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Translates what Entra answers, by status and code, never by the text of a message. */
final class EntraFailures {

  // Entra, "Error codes": a federated credential has not reached this server yet.
  private static final long NOT_PROPAGATED = 70021;

  private EntraFailures() {}

  /** What {@code answer} means; null if it is good. */
  static @Nullable Failure of(HttpResponse<byte[]> answer) {
    var status = answer.statusCode();
    if (status == 200) {
      return null;
    }
    var body = Answers.object(answer.body());
    var code = Answers.first(body, "error_codes").orElse(0L);
    var detail =
        status
            + " "
            + CleanText.of(Answers.text(body, "error").orElse("none"))
            + " AADSTS"
            + code
            + ": "
            + CleanText.of(Answers.text(body, "error_description").orElse(""));
    return of(answer, code, detail).coded(code == 0 ? "" : "AADSTS" + code);
  }

  private static Failure of(HttpResponse<byte[]> answer, long code, String detail) {
    var status = answer.statusCode();
    if (status == 429) {
      return Failure.passing(Reason.CLOUD_THROTTLED, retryAfter(answer), detail);
    }
    if (status >= 500) {
      return Failure.passing(Reason.CLOUD_FAILED, retryAfter(answer), detail);
    }
    if (code == NOT_PROPAGATED) {
      return Failure.passing(Reason.CLOUD_REFUSED, null, detail);
    }
    return Failure.lasting(
        status >= 400 ? Reason.CLOUD_REFUSED : Reason.CLOUD_ANSWER_WRONG, detail);
  }

  static @Nullable Duration retryAfter(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("Retry-After").map(RetryAfter::of).orElse(null);
  }
}
