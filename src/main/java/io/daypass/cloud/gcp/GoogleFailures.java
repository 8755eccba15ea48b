package io.daypass.cloud.gcp;

import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.wire.CleanText;
import io.daypass.cloud.wire.Failure;
import io.daypass.cloud.wire.RetryAfter;
import io.daypass.cloud.wire.WireException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Translates refusals and faults, by status and error code, and by the text of a message only where
 * one code means too much ({@link #saysIssuerAway}).
 */
final class GoogleFailures {

  private static final String ISSUER_AWAY = "Error connecting to the given credential's issuer";

  private static final Pattern CODE = Pattern.compile("[A-Za-z_]{1,64}");

  private GoogleFailures() {}

  /** What an answer means that has another status than 200. */
  static Failure of(HttpResponse<byte[]> answer) {
    var status = answer.statusCode();
    var retryAfter = answer.headers().firstValue("Retry-After").map(RetryAfter::of).orElse(null);
    var words = words(answer.body());
    if (status == 400 && saysIssuerAway(words.code(), words.text())) {
      return Failure.passing(
              Reason.CLOUD_REFUSED,
              retryAfter,
              "Google cannot reach our issuer's keys: " + status + " " + words.spelled())
          .coded(words.code());
    }
    return of(status, retryAfter, status + " " + words.spelled()).coded(words.code());
  }

  /**
   * Whether the exchange could not have our keys, now. The code is that of every assertion it does
   * not take, and the words stand in no reference.
   */
  static boolean saysIssuerAway(String code, @Nullable String words) {
    return code.equals("invalid_grant") && words != null && words.contains(ISSUER_AWAY);
  }

  private static Failure of(int status, @Nullable Duration retryAfter, String detail) {
    if (status == 429) {
      return Failure.passing(Reason.CLOUD_THROTTLED, retryAfter, detail);
    }
    if (status >= 500) {
      return Failure.passing(Reason.CLOUD_FAILED, retryAfter, detail);
    }
    if (status == 409) {
      // Somebody else was first (ABORTED): what was read is out of date, and nothing was written.
      return Failure.passing(Reason.CLOUD_BUSY, retryAfter, detail);
    }
    return Failure.lasting(
        status >= 400 ? Reason.CLOUD_REFUSED : Reason.CLOUD_ANSWER_WRONG, detail);
  }

  /** What the library threw means. */
  static Failure of(Exception thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof WireTransport.RefusedException refused) {
        return refused.failure();
      }
    }
    var wire = WireException.in(thrown);
    // Without a fault on the wire there was an answer, and the library could make no sense of it.
    return wire != null
        ? Failure.of(wire)
        : Failure.lasting(
            Reason.CLOUD_ANSWER_WRONG, "unreadable: " + thrown.getClass().getSimpleName());
  }

  /** The object that {@code body} spells; null if it spells none. */
  static @Nullable GenericJson json(byte[] body) {
    try {
      return GsonFactory.getDefaultInstance()
          .createJsonObjectParser()
          .parseAndClose(new ByteArrayInputStream(body), StandardCharsets.UTF_8, GenericJson.class);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /**
   * What an error says of itself.
   *
   * @param code of the exchange in small letters, of the APIs in capitals; empty if there is none
   */
  private record Words(String code, String text) {
    String spelled() {
      return (code.isEmpty() ? "none" : code) + (text.isEmpty() ? "" : ": " + text);
    }
  }

  /** OAuth's two members (RFC 6749, section 5.2), or those of Google's APIs (AIP-193). */
  private static Words words(byte[] body) {
    var json = json(body);
    var error = json == null ? null : json.get("error");
    if (error instanceof Map<?, ?> api) {
      return new Words(code(api.get("status")), CleanText.of(text(api.get("message"))));
    }
    return json == null
        ? new Words("", "")
        : new Words(code(error), CleanText.of(text(json.get("error_description"))));
  }

  private static String code(@Nullable Object code) {
    return code instanceof String text && CODE.matcher(text).matches() ? text : "";
  }

  private static String text(@Nullable Object text) {
    return text instanceof String string ? string : "";
  }
}
