package io.daypass.cli.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The files' form: a {@code name=value} a line. Read without any library, for its speed. */
public final class Lines {

  private Lines() {}

  /** The values; empty if {@code text} is not of this form. Blank lines and # lines are skipped. */
  public static Optional<Map<String, String>> read(String text) {
    var values = new LinkedHashMap<String, String>();
    for (var line : text.split("\n", -1)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      var cut = line.indexOf('=');
      if (cut < 1
          || values.put(line.substring(0, cut).strip(), line.substring(cut + 1).strip()) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  /** The text of {@code values}, none of which may hold a line break. */
  public static String write(Map<String, String> values) {
    var text = new StringBuilder();
    values.forEach((name, value) -> {
      if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
        throw new IllegalArgumentException("a line break in " + name);
      }
      text.append(name).append('=').append(value).append('\n');
    });
    return text.toString();
  }
}
