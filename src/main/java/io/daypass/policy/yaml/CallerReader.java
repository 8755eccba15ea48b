package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.document.Node;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;
import io.daypass.document.Problem;
import io.daypass.identity.CallerId;
import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a made-up caller: what a token of theirs would say. */
final class CallerReader {

  private CallerReader() {}

  /**
   * The caller of a mapping of {@code issuer, subject, kind, email, groups, claims}; empty, with
   * the problems noted, if it is not right.
   *
   * @param name the subject of whom no other is given
   */
  static Optional<Identity> read(MappingReader reader, String name, List<Problem> problems) {
    var before = problems.size();
    var kind = reader.enumOf("kind", Kind.class).orElse(Kind.HUMAN);
    var issuer = reader.requiredText("issuer").orElse("");
    var subject = reader.identifier("subject").orElse(name);
    var email = reader.text("email").orElse(null);
    var person = reader.text("person").orElse(null);
    var groups = Set.copyOf(reader.texts("groups"));
    var claims =
        reader.node("claims").map(node -> plain(node) instanceof Map<?, ?> map ? map : Map.of());
    reader.finish();
    if (problems.size() > before || issuer.isBlank() || subject.isBlank()) {
      return Optional.empty();
    }
    var all = new LinkedHashMap<String, Object>();
    claims.orElse(Map.of()).forEach((key, value) -> all.put(key.toString(), value));
    all.putIfAbsent("sub", subject);
    return Optional.of(
        new Identity(new CallerId(issuer, subject), kind, null, email, person, groups, all));
  }

  /** A document's part as a token's claims would come: null is left out. */
  private static Object plain(Node node) {
    return switch (node) {
      case Mapping(var entries, _) -> {
        var map = new LinkedHashMap<String, Object>();
        entries.forEach((key, entry) -> map.put(key, plain(entry.value())));
        yield map;
      }
      case Sequence(var items, _) -> items.stream().map(CallerReader::plain).toList();
      case Scalar(var text, var kind, _) ->
          switch (kind) {
            case INTEGER -> text.length() < 19 ? (Object) Long.valueOf(text) : text;
            case DECIMAL -> Double.valueOf(text);
            case BOOLEAN -> text.equals("true");
            case STRING, NULL -> text;
          };
    };
  }
}
