package io.daypass.web.pages;

import io.daypass.web.Problem;
import java.util.Map;

/**
 * A form that was sent and not done: shown again as it was filled in, with what was wrong.
 *
 * @param act the form's
 */
record Tried(String act, Map<String, String> fields, Problem problem) {

  Tried {
    fields = Map.copyOf(fields);
  }
}
