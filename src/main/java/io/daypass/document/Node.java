package io.daypass.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a document that knows its place. */
public sealed interface Node {

  Place place();

  /** What people call this kind of value. */
  default String described() {
    return switch (this) {
      case Mapping _ -> "a mapping";
      case Sequence _ -> "a list";
      case Scalar(_, var kind, _) ->
          switch (kind) {
            case STRING -> "text";
            case INTEGER -> "a whole number";
            case DECIMAL -> "a decimal number";
            case BOOLEAN -> "true or false";
            case NULL -> "nothing";
          };
    };
  }

  /** Keys with their values, in the order of the file. */
  record Mapping(Map<String, Entry> entries, Place place) implements Node {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    public Optional<Entry> entry(String key) {
      return Optional.ofNullable(entries.get(key));
    }
  }

  /** A key's place and its value. */
  record Entry(Place keyPlace, Node value) {}

  /** Values in order. */
  record Sequence(List<Node> items, Place place) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /**
   * A single value.
   *
   * @param text exactly as written, without quotes
   */
  record Scalar(String text, Kind kind, Place place) implements Node {

    /**
     * What an unquoted value is taken for: YAML's core schema, less what surprises people. {@code
     * yes}, {@code 0x1f}, {@code 007} and {@code 1_000} are text.
     */
    public enum Kind {
      STRING,
      INTEGER,
      DECIMAL,
      BOOLEAN,
      NULL
    }
  }
}
