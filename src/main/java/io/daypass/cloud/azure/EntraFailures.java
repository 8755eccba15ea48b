package io.daypass.cloud.azure;

import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.CleanText;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.RetryAfter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates what Entra answers, by status and code, never by the text of a message. */
final class EntraFailures {

  /**
   * No federated credential that matches, or none at all (700211: the issuer, 700212: the audience,
   * 700213 and 7002137: the subject; 70021 was all of these): it may not have reached this server
   * yet. One whose subject differs in case, 7002138, is there and stays as it is.
   */
  private static final Set<Long> NOT_PROPAGATED =
      Set.of(70021L, 70025L, 700211L, 700212L, 700213L, 7002137L);

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
    if (NOT_PROPAGATED.contains(code)) {
      return Failure.passing(Reason.CLOUD_REFUSED, null, detail);
    }
    return Failure.lasting(
        status >= 400 ? Reason.CLOUD_REFUSED : Reason.CLOUD_ANSWER_WRONG, detail);
  }

  static @Nullable Duration retryAfter(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("Retry-After").map(RetryAfter::of).orElse(null);
  }
}
