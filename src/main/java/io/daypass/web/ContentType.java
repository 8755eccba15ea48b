package io.daypass.web;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Takes a body only as what the route reads. A web page can send forms and plain text to any site
 * without asking, but not application/json: so nothing that changes anything takes those.
 */
final class ContentType {

  private static final String CHARSET = "(?:[ \\t]*;[ \\t]*charset=\"?utf-8\"?)?[ \\t]*";
  private static final Pattern JSON =
      Pattern.compile("application/json" + CHARSET, Pattern.CASE_INSENSITIVE);
  private static final Pattern FORM =
      Pattern.compile("application/x-www-form-urlencoded" + CHARSET, Pattern.CASE_INSENSITIVE);

  private ContentType() {}

  static Optional<Problem> wrong(Route.Body body, List<String> types) {
    return switch (body) {
      case NONE ->
          Optional.of(Problem.of(Code.BODY_NOT_ALLOWED, "no body is taken here", "send none"));
      case JSON -> wrong(JSON, "application/json", types);
      case FORM -> wrong(FORM, "application/x-www-form-urlencoded", types);
    };
  }

  private static Optional<Problem> wrong(Pattern pattern, String name, List<String> types) {
    return types.size() == 1 && pattern.matcher(types.getFirst()).matches()
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                Code.CONTENT_TYPE_UNSUPPORTED,
                "the body is taken as " + name + " only",
                "send Content-Type: " + name));
  }
}
