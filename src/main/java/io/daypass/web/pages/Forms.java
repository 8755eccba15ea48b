package io.daypass.web.pages;

import io.daypass.web.Call;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a form was sent from a page of ours: by its token, by the Origin that browsers put on
 * every POST (RFC 6454, Fetch standard), and by where they say it comes from (Fetch Metadata). Each
 * must be right for itself.
 */
final class Forms {

  private static final Set<String> OURS = Set.of("same-origin", "none");

  private final String origin;

  Forms(URI publicUrl) {
    this.origin = publicUrl.getScheme() + "://" + publicUrl.getRawAuthority();
  }

  /** Why the form of {@code call} is not ours; empty if it is. */
  Optional<Problem> foreign(Call call, Map<String, String> fields, String formToken) {
    var from = call.header("origin");
    var site = call.header("sec-fetch-site");
    if (!from.equals(List.of(origin)) || (!site.isEmpty() && !isOurs(site))) {
      return Optional.of(
          Problem.of(
              Code.ORIGIN_NOT_ALLOWED,
              "the form does not come from a page of this broker; nothing was done",
              "open the page at " + origin + " and do it there"));
    }
    return FormToken.same(formToken, fields.getOrDefault(FormToken.FIELD, ""))
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                Code.FORM_TOKEN_INVALID,
                "the form is not of this session; nothing was done",
                "open the page again and do it there"));
  }

  private static boolean isOurs(List<String> site) {
    return site.size() == 1 && OURS.contains(site.getFirst());
  }

  /** The path and query of a call, as they were matched and read. */
  static String target(Call call) {
    return new Chosen(call.query()).at(path(call.route(), call));
  }

  /** The path of {@code template} with the names that it has in common with the call's own. */
  static String path(String template, Call call) {
    var path = template;
    for (var name : call.path().entrySet()) {
      path = path.replace("{" + name.getKey() + "}", name.getValue());
    }
    return path;
  }
}
