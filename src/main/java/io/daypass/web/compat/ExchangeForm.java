package io.daypass.web.compat;

import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Query;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token exchange as it is asked for (RFC 8693, 2.1): each parameter once, one without a value as
 * if it were not there, unknown ones passed over (RFC 6749, 3.2). {@code scope} is passed over too:
 * what a credential may do stands in the policies.
 */
sealed interface ExchangeForm {

  String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
  Set<String> SUBJECT_TYPES = Set.of(TokenExchange.JWT, TokenExchange.ID_TOKEN);
  Set<String> REQUESTED_TYPES =
      Set.of(
          TokenExchange.AWS_CREDENTIALS,
          TokenExchange.ACCESS_TOKEN,
          TokenExchange.ID_TOKEN,
          TokenExchange.JWT);

  /**
   * What is asked. Never printed: the token is one.
   *
   * @param token the subject token, or a poll token in its place
   * @param requestedType null for what there is
   */
  record Asked(String token, String audience, @Nullable String requestedType)
      implements ExchangeForm {
    @Override
    public String toString() {
      return "Asked[" + audience + "]";
    }
  }

  record Refused(Problem problem) implements ExchangeForm {}

  static ExchangeForm of(String body) {
    return switch (Query.of(body, null)) {
      case Query.Refused(var problem) -> new Refused(problem);
      case Query.Read(var values) -> {
        var given = new HashMap<>(values);
        // A token from a file brings the file's last line end along.
        for (var token : List.of("subject_token", "poll_token")) {
          given.computeIfPresent(token, (_, text) -> StsForm.withoutLineEnd(text));
        }
        given.values().removeIf(String::isEmpty);
        yield checked(given);
      }
    };
  }

  private static ExchangeForm checked(Map<String, String> given) {
    var grantType = given.get("grant_type");
    if (grantType == null) {
      return invalid("grant_type is missing");
    }
    if (!grantType.equals(GRANT_TYPE)) {
      return new Refused(
          Problem.of(
              Code.GRANT_TYPE_UNSUPPORTED,
              "only token exchange is done here",
              "send grant_type=" + GRANT_TYPE));
    }
    if (given.containsKey("actor_token") || given.containsKey("actor_token_type")) {
      return invalid("nobody acts for somebody else here: leave actor_token out");
    }
    if (given.containsKey("resource")) {
      return new Refused(noTarget());
    }
    var audience = given.get("audience");
    if (audience == null) {
      return invalid("audience is missing: it names the role");
    }
    var requested = given.get("requested_token_type");
    if (requested != null && !REQUESTED_TYPES.contains(requested)) {
      return invalid("requested_token_type is not one that is given here");
    }
    return withToken(given, audience, requested);
  }

  private static ExchangeForm withToken(
      Map<String, String> given, String audience, @Nullable String requested) {
    var poll = given.get("poll_token");
    var subject = given.get("subject_token");
    var type = given.get("subject_token_type");
    if (poll != null) {
      // A client that asks the same again may well leave the type of its subject token standing.
      return subject != null
          ? invalid("poll_token comes in place of subject_token")
          : new Asked(poll, audience, requested);
    }
    if (subject == null || type == null) {
      return invalid("subject_token and subject_token_type are needed, or a poll_token");
    }
    return SUBJECT_TYPES.contains(type)
        ? new Asked(subject, audience, requested)
        : invalid("subject_token_type is neither jwt nor id_token");
  }

  /** What is told whose audience is no name of a role at all. */
  static Problem noTarget() {
    return Problem.of(
        Code.TARGET_UNKNOWN,
        "audience names no role",
        "send the name of a role as audience, and no resource");
  }

  /** What is told whose audience is a provider that several roles use. */
  static Problem severalTargets() {
    return Problem.of(
        Code.TARGET_UNKNOWN,
        "several roles use this provider: send the role's name as audience",
        "GET /v1/roles names those that you may request");
  }

  private static Refused invalid(String detail) {
    return new Refused(
        Problem.of(Code.PARAMETER_INVALID, detail, "see RFC 8693, 2.1, and /openapi.yaml"));
  }
}
