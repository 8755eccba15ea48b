package io.daypass.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as programs and people read it (RFC 9457, application/problem+json).
 *
 * @param detail one sentence on this occurrence; fixed text of ours, never an exception's message
 * @param next what the caller can do about it
 * @param requestId the access request it is about
 * @param incident names the occurrence in the log, for faults of ours
 * @param retryAfter when asking again may help
 * @param last whether asking again with the same token cannot help, whatever the status says
 * @param more members of its own (RFC 9457, 3.2), in snake_case
 */
public record Problem(
    Code code,
    String detail,
    String next,
    @Nullable String requestId,
    @Nullable String incident,
    @Nullable Duration retryAfter,
    boolean last,
    Map<String, Object> more) {

  private static final String TYPE = "urn:daypass:problem:";
  private static final String INSTANCE = "urn:daypass:incident:";

  public Problem {
    more = Map.copyOf(more);
  }

  public static Problem of(Code code, String detail, String next) {
    return new Problem(code, detail, next, null, null, null, false, Map.of());
  }

  public Problem about(String request) {
    return new Problem(code, detail, next, request, incident, retryAfter, last, more);
  }

  public Problem incident(String id) {
    return new Problem(code, detail, next, requestId, id, retryAfter, last, more);
  }

  public Problem after(Duration wait) {
    return new Problem(code, detail, next, requestId, incident, wait, last, more);
  }

  /** The same where only {@code instead} can help, and no later try. */
  public Problem last(String instead) {
    return new Problem(code, detail, instead, requestId, incident, null, true, more);
  }

  public Problem with(String member, Object value) {
    var members = new LinkedHashMap<>(more);
    members.put(member, value);
    return new Problem(code, detail, next, requestId, incident, retryAfter, last, members);
  }

  /** Its members, in the order they are sent. */
  public Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("type", TYPE + code.text());
    members.put("title", code.title());
    members.put("status", code.status());
    members.put("code", code.text());
    members.put("detail", detail);
    members.put("next", next);
    if (requestId != null) {
      members.put("request_id", requestId);
    }
    if (incident != null) {
      // RFC 9457, 3.1.5: what identifies this occurrence.
      members.put("instance", INSTANCE + incident);
    }
    members.putAll(more);
    return members;
  }

  /** The answer that carries it. */
  public Answer answer() {
    var answer = answer(Answer.PROBLEM, new JsonObject(members()).toBuffer());
    if (code.status() == 401) {
      // RFC 6750, 3: no error attribute where no credentials came; the body says the rest.
      answer =
          answer.header(
              "WWW-Authenticate",
              code == Code.CREDENTIALS_MISSING
                  ? "Bearer realm=\"daypass\""
                  : "Bearer realm=\"daypass\", error=\"invalid_token\"");
    }
    return answer;
  }

  /** The answer with its status and code; says when asking again may help. */
  public Answer answer(String contentType, Buffer body) {
    return timed(new Answer(code.status(), contentType, body).code(code.text()));
  }

  private Answer timed(Answer answer) {
    return retryAfter == null ? answer : answer.header("Retry-After", seconds(retryAfter));
  }

  /** Whole seconds, rounded up: a client told 0 would come back at once. */
  private static String seconds(Duration wait) {
    return Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()));
  }
}
