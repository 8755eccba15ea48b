package io.daypass.document;

import io.daypass.document.Node.Entry;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Scalar.Kind;
import io.daypass.document.Node.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Takes a mapping apart key by key and notes every problem. An empty answer means absent, or
 * present and wrong with the problem noted: callers that need to know look at {@link #has}. {@link
 * #finish} makes every key that nobody asked for a problem.
 */
public final class MappingReader {

  private final Mapping mapping;
  private final List<Problem> problems;
  private final Set<String> known = new LinkedHashSet<>();

  public MappingReader(Mapping mapping, List<Problem> problems) {
    this.mapping = mapping;
    this.problems = problems;
  }

  /** A reader of {@code node}, or a problem if it is no mapping. */
  public static Optional<MappingReader> of(Node node, List<Problem> problems) {
    if (node instanceof Mapping mapping) {
      return Optional.of(new MappingReader(mapping, problems));
    }
    problems.add(wrongType(node, "a mapping"));
    return Optional.empty();
  }

  public Place place() {
    return mapping.place();
  }

  /** Where the key stands; where the mapping starts if it has no such key. */
  public Place placeOf(String key) {
    var entry = mapping.entries().get(key);
    return entry == null ? mapping.place() : entry.keyPlace();
  }

  /** Where the key's value starts; where the mapping starts if it has no such key. */
  public Place placeOfValue(String key) {
    return mapping.entry(key).map(entry -> entry.value().place()).orElse(mapping.place());
  }

  /** Whether the key is there, with whatever value. */
  public boolean has(String key) {
    known.add(key);
    return mapping.entries().containsKey(key);
  }

  /** The keys as they stand, in order. */
  public Set<String> keys() {
    return mapping.entries().keySet();
  }

  /** The value whatever it is, except nothing at all. */
  public Optional<Node> node(String key) {
    known.add(key);
    var entry = mapping.entries().get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.value() instanceof Scalar(_, var kind, _) && kind == Kind.NULL) {
      problem(
          key, "empty_value", "\"" + key + "\" has no value; leave the key out if none is meant");
      return Optional.empty();
    }
    return Optional.of(entry.value());
  }

  /** Makes the absence of {@code key} a problem, and says whether it is there. */
  public boolean require(String key) {
    if (has(key)) {
      return true;
    }
    problem(key, "missing_key", "\"" + key + "\" is missing");
    return false;
  }

  public Optional<String> text(String key) {
    return scalar(key, "text (quote it)", Kind.STRING).map(Scalar::text);
  }

  public Optional<String> requiredText(String key) {
    return require(key) ? text(key) : Optional.empty();
  }

  /** Text, or a whole number taken as its digits: for identifiers that people leave unquoted. */
  public Optional<String> identifier(String key) {
    return scalar(key, "text or a whole number", Kind.STRING, Kind.INTEGER).map(Scalar::text);
  }

  public Optional<Boolean> bool(String key) {
    return scalar(key, "true or false", Kind.BOOLEAN).map(s -> s.text().equals("true"));
  }

  /** A whole number within the bounds, both inclusive. */
  public Optional<Long> integer(String key, long least, long most) {
    return scalar(key, "a whole number", Kind.INTEGER)
        .flatMap(scalar -> {
          var value = number(scalar.text()).filter(n -> n >= least && n <= most);
          if (value.isEmpty()) {
            bad(scalar.place(), "\"" + key + "\" is a number from " + least + " to " + most);
          }
          return value;
        });
  }

  /**
   * Text that means something.
   *
   * @param parse empty for what it cannot read
   * @param what what is expected, for people: "a duration such as 30m or 8h"
   */
  public <T> Optional<T> parsed(String key, Function<String, Optional<T>> parse, String what) {
    return scalar(key, what, Kind.STRING, Kind.INTEGER)
        .flatMap(scalar -> {
          var value = parse.apply(scalar.text());
          if (value.isEmpty()) {
            bad(scalar.place(), "\"" + key + "\" must be " + what);
          }
          return value;
        });
  }

  /** One of an enum's names, in lower case with hyphens. */
  public <E extends Enum<E>> Optional<E> enumOf(String key, Class<E> type) {
    var names = Stream.of(type.getEnumConstants()).map(MappingReader::hyphenated).toList();
    return parsed(
        key,
        text ->
            Stream.of(type.getEnumConstants()).filter(e -> hyphenated(e).equals(text)).findFirst(),
        "one of " + String.join(", ", names));
  }

  /** The items of a list; empty if there is none. */
  public List<Node> list(String key) {
    return switch (node(key).orElse(null)) {
      case null -> List.of();
      case Sequence(var items, _) -> items;
      case Node other -> {
        problems.add(wrongType(other, "a list"));
        yield List.of();
      }
    };
  }

  /** A list of texts; empty if there is none. */
  public List<String> texts(String key) {
    var texts = new ArrayList<String>();
    for (var item : list(key)) {
      if (item instanceof Scalar(var text, var kind, _) && kind == Kind.STRING) {
        texts.add(text);
      } else {
        problems.add(wrongType(item, "text"));
      }
    }
    return texts;
  }

  /** One text, or a list of texts; empty if there is none. */
  public List<String> textOrTexts(String key) {
    return node(key).orElse(null) instanceof Scalar ? text(key).stream().toList() : texts(key);
  }

  public Optional<MappingReader> mapping(String key) {
    return node(key).flatMap(node -> of(node, problems));
  }

  public Optional<MappingReader> requiredMapping(String key) {
    return require(key) ? mapping(key) : Optional.empty();
  }

  /** Readers of a list's mappings; items that are none are problems. */
  public List<MappingReader> mappings(String key) {
    return list(key).stream().flatMap(item -> of(item, problems).stream()).toList();
  }

  /** A problem of the key, or of the mapping if it has no such key. */
  public void problem(String key, String code, String message) {
    problems.add(new Problem(placeOf(key), code, message));
  }

  /** A problem of the mapping as a whole. */
  public void problem(String code, String message) {
    problems.add(new Problem(place(), code, message));
  }

  /** Says that nothing else may stand here: keys that nobody asked for are problems. */
  public void finish() {
    mapping.entries().forEach(this::refuseUnknown);
  }

  private void refuseUnknown(String key, Entry entry) {
    if (known.contains(key)) {
      return;
    }
    var hint = Likeness.nearest(key, known).map(n -> "; did you mean \"" + n + "\"?").orElse("");
    var message = "the key \"" + key + "\" is not known here" + hint;
    problems.add(new Problem(entry.keyPlace(), "unknown_key", message));
  }

  private Optional<Scalar> scalar(String key, String what, Kind... kinds) {
    return node(key)
        .flatMap(node -> {
          if (node instanceof Scalar scalar && List.of(kinds).contains(scalar.kind())) {
            return Optional.of(scalar);
          }
          problems.add(wrongType(node, "\"" + key + "\" as " + what));
          return Optional.empty();
        });
  }

  private void bad(Place place, String message) {
    problems.add(new Problem(place, "bad_value", message));
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Problem wrongType(Node node, String expected) {
    var message = "expected " + expected + ", found " + node.described();
    return new Problem(node.place(), "wrong_type", message);
  }

  private static String hyphenated(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
