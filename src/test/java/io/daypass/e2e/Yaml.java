package io.daypass.e2e;

import io.daypass.document.Documents;
import io.daypass.document.Node;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;

/** What stands where in a YAML document. */
final class Yaml {

  private Yaml() {}

  static Mapping read(String text) {
    return switch (Documents.parse("document", text)) {
      case Documents.Parsed.Read(var root) -> (Mapping) root;
      case Documents.Parsed.Broken(var problems) -> throw new AssertionError(problems);
    };
  }

  /** By keys of mappings and numbers of lists. */
  static Node at(Node node, Object... path) {
    for (var step : path) {
      node =
          node instanceof Sequence list
              ? list.items().get((Integer) step)
              : ((Mapping) node).entry((String) step).orElseThrow().value();
    }
    return node;
  }

  static String text(Node node, Object... path) {
    return ((Scalar) at(node, path)).text();
  }
}
