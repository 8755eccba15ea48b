package io.daypass.cli;

import io.daypass.cli.client.Failure;
import io.daypass.cli.screen.Plain;
import io.daypass.request.RequestId;
import io.daypass.web.api.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds the request that somebody means by an id, or by how it starts as long as only one starts
 * so. Nothing is ever guessed.
 */
final class Found {

  private static final String LIST = "daypass requests";

  private Found() {}

  /**
   * The whole id.
   *
   * @param shown is told of the candidates where several start so
   */
  static String id(Api api, String typed, Consumer<List<Wire.Request>> shown) {
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
    return one(start, page, shown).id();
  }

  private static Wire.Request one(
      String start, Wire.Requests page, Consumer<List<Wire.Request>> shown) {
    var found = page.requests();
    if (found.isEmpty()) {
      throw Failure.of("no request that you may see starts with \"" + start + "\"", LIST);
    }
    if (found.size() > 1 || page.cursor() != null) {
      shown.accept(found);
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
