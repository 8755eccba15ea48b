package io.daypass.sandbox.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** Text files with {@code {names}} in them. */
final class Templates {

  private Templates() {}

  static String fill(String resource, Map<String, String> values) throws IOException {
    try (var in = Objects.requireNonNull(Templates.class.getResourceAsStream(resource), resource)) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (var value : values.entrySet()) {
        text = text.replace("{" + value.getKey() + "}", value.getValue());
      }
      return text;
    }
  }
}
