package io.daypass.web.compat;

import io.daypass.web.Answer;
import io.daypass.web.Problem;
import io.daypass.web.api.Door;
import io.daypass.web.api.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Refusals as OAuth spells them (RFC 6749, 5.2). {@code code}, {@code detail} and {@code next} say
 * the same as a problem of the JSON calls does.
 */
final class OAuthErrors {

  private OAuthErrors() {}

  static Answer of(Problem problem) {
    var more = new LinkedHashMap<>(problem.members());
    more.keySet().removeAll(java.util.Set.of("type", "title", "status", "code"));
    return switch (Sort.of(problem)) {
      case MALFORMED -> of(400, "invalid_request", problem, more);
      // RFC 8693, 2.2.2: a subject token that is not valid makes the request invalid.
      case TOKEN_REFUSED, TOKEN_EXPIRED -> of(400, "invalid_request", problem, more);
      case ACTION_UNKNOWN, GRANT_TYPE_UNKNOWN -> of(400, "unsupported_grant_type", problem, more);
      // RFC 8693, 2.2.2: unwilling to issue a token for the target.
      case TARGET_UNKNOWN, DENIED -> of(400, "invalid_target", problem, more);
      // RFC 6749, 5.2: expired, revoked, or used before.
      case SPENT -> of(400, "invalid_grant", problem, more);
      case SLOW_DOWN -> {
        // RFC 8628, 3.5: five seconds more from now on.
        more.put("interval", Door.POLL_INTERVAL.toSeconds() * 2);
        yield of(400, "slow_down", problem, more);
      }
      case TOO_OFTEN -> of(429, "temporarily_unavailable", problem, more);
      case HALTED, ISSUER_AWAY, AWAY -> of(503, "temporarily_unavailable", problem, more);
      case POLICY_TOO_LARGE, CLOUD -> of(502, "server_error", problem, more);
      case FAULT -> of(500, "server_error", problem, more);
    };
  }

  private static Answer of(int status, String error, Problem problem, Map<String, Object> more) {
    var answer = answer(status, error, problem.detail(), problem.code().text(), more);
    var retryAfter = problem.answer().headers().get("Retry-After");
    return retryAfter == null ? answer : answer.header("Retry-After", retryAfter);
  }

  static Answer answer(
      int status, String error, String description, String code, Map<String, Object> more) {
    var body = new LinkedHashMap<String, Object>();
    body.put("error", error);
    body.put("error_description", plain(description));
    body.put("code", code);
    body.putAll(more);
    return Answer.json(status, Json.write(body)).code(code).header("Pragma", "no-cache");
  }

  /** RFC 6749, 5.2: printable ASCII without quotation mark and backslash. */
  private static String plain(String text) {
    var plain = new StringBuilder();
    text.codePoints()
        .map(point -> point == '"' || point == '\\' ? '\'' : point)
        .map(point -> point < 0x20 || point > 0x7e ? '?' : point)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }
}
