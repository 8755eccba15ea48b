package io.daypass.web.pages;

import io.daypass.web.Call;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a list is asked for. A field of its form that was left empty was not chosen. */
record Chosen(Map<String, String> parameters) {

  Chosen {
    parameters = Map.copyOf(parameters);
  }

  static Chosen of(Call call) {
    return new Chosen(
        call.query().entrySet().stream()
            .filter(parameter -> !parameter.getValue().isBlank())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** The same with {@code name} as well, or instead of what it was. */
  Chosen with(String name, String value) {
    var changed = new HashMap<>(parameters);
    changed.put(name, value);
    return new Chosen(changed);
  }

  /** What is said where nothing is left to show. */
  String none() {
    return parameters.containsKey("cursor") ? "There are no more." : "There is none like that.";
  }

  /** Where {@code path} shows what was chosen. */
  String at(String path) {
    var query =
        new TreeMap<>(parameters)
            .entrySet().stream()
                .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
                .collect(Collectors.joining("&"));
    return query.isEmpty() ? path : path + "?" + query;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
