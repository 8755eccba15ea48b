package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.screen.Plain;
import io.daypass.request.RequestId;
import io.daypass.web.api.Wire;
import java.util.HashMap;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the request that somebody means by an id, or by how it starts as long as only one starts
 * so. Nothing is ever guessed.
 */
final class Found {

  private static final String LIST = "daypass requests";

  private Found() {}

  /** The whole id; where several start so, {@code command} shows which. */
  static String id(PeopleCommand command, Api api, String typed) {
    var start = spelled(typed);
    if (!RequestId.isStart(start)) {
      throw Failure.usage("\"" + Plain.line(typed) + "\" is no id of a request", LIST);
    }
    if (RequestId.parse(start).isPresent()) {
      return start;
    }
    var parameters = new HashMap<String, String>();
    parameters.put("id", start);
    var page = api.get(Api.path("/v1/requests", parameters), Wire.Requests.class).orFail().value();
    return one(command, start, page).id();
  }

  private static Wire.Request one(PeopleCommand command, String start, Wire.Requests page) {
    var found = page.requests();
    if (found.isEmpty()) {
      throw Failure.of("no request that you may see starts with \"" + start + "\"", LIST);
    }
    if (found.size() > 1 || page.cursor() != null) {
      RequestTable.note(command, found);
      throw Failure.usage(
          "more than one request starts with \"" + start + "\"",
          "type more of the id of the one you mean");
    }
    return found.getFirst();
  }

  /** Crockford's base 32 reads O as 0, I and L as 1, and does not tell capitals apart. */
  private static String spelled(String typed) {
    return Optional.of(typed.strip().toLowerCase(Locale.ROOT))
        .map(text -> text.replace('o', '0').replace('i', '1').replace('l', '1').replace("-", ""))
        .orElseThrow();
  }
}
