package io.daypass.web.compat;

import io.daypass.policy.RoleArn;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import io.daypass.web.Query;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A call as the Query API spells it. */
sealed interface StsForm {

  Pattern LINE_END = Pattern.compile("\\r?\\n\\z");

  String VERSION = "2011-06-15";
  String WHO_AM_I = "GetCallerIdentity";
  Set<String> ACTIONS = Set.of("AssumeRoleWithWebIdentity", WHO_AM_I);
  // STS API reference, AssumeRoleWithWebIdentity.
  Pattern DURATION = Pattern.compile("[0-9]{1,6}");
  int SHORTEST = 900;
  int LONGEST = 43_200;

  /**
   * AssumeRoleWithWebIdentity. Never printed: the token is one.
   *
   * @param duration for how long at most; null for as long as the rule gives
   */
  record Assume(RoleArn roleArn, String token, @Nullable Duration duration) implements StsForm {
    @Override
    public String toString() {
      return "Assume[" + roleArn + "]";
    }
  }

  /** GetCallerIdentity: whose keys the call is signed with. */
  record WhoAmI() implements StsForm {}

  record Refused(Problem problem) implements StsForm {}

  static StsForm of(String body) {
    return switch (Query.of(body, null)) {
      case Query.Refused(var problem) -> new Refused(problem);
      case Query.Read(var values) -> checked(values);
    };
  }

  private static StsForm checked(Map<String, String> values) {
    var action = values.getOrDefault("Action", "");
    if (!ACTIONS.contains(action)) {
      return new Refused(other());
    }
    if (!values.getOrDefault("Version", "").equals(VERSION)) {
      return invalid("Version is not " + VERSION);
    }
    return action.equals(WHO_AM_I) ? new WhoAmI() : assume(values);
  }

  private static StsForm assume(Map<String, String> values) {
    if (values.keySet().stream().anyMatch(name -> name.startsWith("Policy"))) {
      // Passing it over would hand out more than was asked for.
      return new Refused(
          Problem.of(
              Code.NOT_NARROWED,
              "session policies of the caller are not supported",
              "leave Policy and PolicyArns out; the role's policies narrow it"));
    }
    var arn = RoleArn.parse(values.getOrDefault("RoleArn", ""));
    if (arn.isEmpty()) {
      return invalid("RoleArn is not the full ARN of a role");
    }
    var token = withoutLineEnd(values.getOrDefault("WebIdentityToken", ""));
    if (token.isEmpty()) {
      return invalid("WebIdentityToken is missing");
    }
    return withDuration(arn.get(), token, values.get("DurationSeconds"));
  }

  /**
   * The text of a token's file, which SDKs and curl send as it is, without the line end that
   * editors put there. One only: whoever sends thousands must not have us look for the last of
   * them.
   */
  static String withoutLineEnd(String text) {
    return LINE_END.matcher(text).replaceFirst("");
  }

  private static StsForm withDuration(RoleArn arn, String token, @Nullable String text) {
    if (text == null) {
      return new Assume(arn, token, null);
    }
    var seconds = DURATION.matcher(text).matches() ? Integer.parseInt(text) : 0;
    return seconds < SHORTEST || seconds > LONGEST
        ? invalid("DurationSeconds is not a number from 900 to 43200")
        : new Assume(arn, token, Duration.ofSeconds(seconds));
  }

  static Problem byGet() {
    return unknown("calls are taken by POST: a token has no place in a URL");
  }

  private static Problem other() {
    return Problem.of(
        Code.ACTION_UNKNOWN,
        "only AssumeRoleWithWebIdentity and GetCallerIdentity are answered here",
        "let AWS_ENDPOINT_URL_STS reach no other call; docs/machines.md shows how");
  }

  private static Problem unknown(String detail) {
    return Problem.of(
        Code.ACTION_UNKNOWN, detail, "send Action=AssumeRoleWithWebIdentity in a form");
  }

  private static Refused invalid(String detail) {
    return new Refused(
        Problem.of(Code.PARAMETER_INVALID, detail, "see the STS API reference, and /openapi.yaml"));
  }
}
