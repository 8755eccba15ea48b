package io.daypass.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the route of a path: literal segments byte for byte, a name in braces takes exactly one
 * segment. A path that is spelled out wins over one with names.
 */
final class Table {

  private final Map<String, Entry> literal = new HashMap<>();
  private final List<Entry> named = new ArrayList<>();

  Table(List<Route> routes) {
    var entries = new LinkedHashMap<String, Entry>();
    for (var route : routes) {
      var entry = entries.computeIfAbsent(route.template(), Entry::new);
      if (entry.methods.putIfAbsent(route.method(), route) != null) {
        throw new IllegalArgumentException("two routes for " + route.template());
      }
    }
    for (var entry : entries.values()) {
      if (entry.template.contains("{")) {
        named.add(entry);
      } else {
        literal.put(entry.template, entry);
      }
    }
  }

  /** What a path leads to: its routes by method, and the values of the names in its template. */
  record Found(Map<String, Route> methods, Map<String, String> values) {}

  Optional<Found> find(String path) {
    var exact = literal.get(path);
    if (exact != null) {
      return Optional.of(new Found(exact.methods, Map.of()));
    }
    var segments = path.split("/", -1);
    for (var entry : named) {
      var values = entry.match(segments);
      if (values.isPresent()) {
        return Optional.of(new Found(entry.methods, values.get()));
      }
    }
    return Optional.empty();
  }

  private static final class Entry {
    private final String template;
    private final String[] segments;
    private final Map<String, Route> methods = new LinkedHashMap<>();

    Entry(String template) {
      this.template = template;
      this.segments = template.split("/", -1);
    }

    Optional<Map<String, String>> match(String[] path) {
      if (path.length != segments.length) {
        return Optional.empty();
      }
      var values = new HashMap<String, String>();
      for (int i = 0; i < path.length; i++) {
        var segment = segments[i];
        if (segment.startsWith("{")) {
          values.put(segment.substring(1, segment.length() - 1), path[i]);
        } else if (!segment.equals(path[i])) {
          return Optional.empty();
        }
      }
      return Optional.of(values);
    }
  }
}
