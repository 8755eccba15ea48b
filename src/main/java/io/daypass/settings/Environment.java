package io.daypass.settings;

import io.daypass.document.Likeness;
import io.daypass.document.Node;
import io.daypass.document.Node.Entry;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;
import io.daypass.document.Place;
import io.daypass.document.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Lays environment variables over what a file says; each wins over the key it stands for. */
final class Environment {

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private final Map<String, String> variables;
  private final List<Problem> problems;

  Environment(Map<String, String> variables, List<Problem> problems) {
    this.variables = new TreeMap<>(Comparator.comparing(Environment::inOrder));
    this.variables.putAll(variables);
    this.problems = problems;
  }

  // By number, not by letter: item 10 comes after item 9.
  private static String inOrder(String variable) {
    return NUMBER
        .matcher(variable)
        .replaceAll(match -> "0".repeat(Math.max(0, 9 - match.group().length())) + match.group());
  }

  Node over(Node file) {
    var node = file;
    for (var variable : variables.entrySet()) {
      var name = variable.getKey();
      if (Keys.isOfOthers(name)) {
        continue;
      }
      var place = new Place("environment " + name, 1, 1);
      var path = Keys.path(name);
      if (path.isEmpty()) {
        var hint =
            Likeness.nearest(name, Keys.variables())
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        problems.add(new Problem(place, "unknown_key", name + " is no setting" + hint));
      } else {
        node = with(node, path.get(), variable.getValue(), place);
      }
    }
    return node;
  }

  private Node with(Node node, List<String> path, String value, Place place) {
    if (path.isEmpty()) {
      return new Scalar(value, kind(value), place);
    }
    var first = path.getFirst();
    var rest = path.subList(1, path.size());
    if (Character.isDigit(first.charAt(0))) {
      return item(node, Integer.parseInt(first), rest, value, place);
    }
    var entries = new LinkedHashMap<String, Entry>();
    if (node instanceof Mapping mapping) {
      entries.putAll(mapping.entries());
    }
    var old = entries.get(first);
    var inner = old == null ? nothing(rest, place) : old.value();
    entries.put(first, new Entry(place, with(inner, rest, value, place)));
    return new Mapping(entries, node instanceof Mapping ? node.place() : place);
  }

  private Node item(Node node, int index, List<String> rest, String value, Place place) {
    var items = new ArrayList<Node>();
    if (node instanceof Sequence sequence) {
      items.addAll(sequence.items());
    }
    if (index > items.size()) {
      problems.add(
          new Problem(
              place, "bad_index", "the list has " + items.size() + " items; the next is that one"));
      return node;
    }
    if (index == items.size()) {
      items.add(with(nothing(rest, place), rest, value, place));
    } else {
      items.set(index, with(items.get(index), rest, value, place));
    }
    return new Sequence(items, node instanceof Sequence ? node.place() : place);
  }

  private static Node nothing(List<String> rest, Place place) {
    return !rest.isEmpty() && Character.isDigit(rest.getFirst().charAt(0))
        ? new Sequence(List.of(), place)
        : new Mapping(Map.of(), place);
  }

  // An empty variable is a mistake more often than a wish, and is refused like an empty value.
  private static Scalar.Kind kind(String value) {
    if (value.isEmpty()) {
      return Scalar.Kind.NULL;
    }
    return value.matches("-?[0-9]{1,18}") ? Scalar.Kind.INTEGER : Scalar.Kind.STRING;
  }
}
