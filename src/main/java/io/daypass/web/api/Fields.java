package io.daypass.web.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.daypass.web.Code;
import io.daypass.web.Problem;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads what callers send: one JSON object whose members are text, each known and there once. Of
 * the wrong type is wrong, never absent.
 */
sealed interface Fields {

  /** The members that came. */
  record Read(Map<String, String> members) implements Fields {
    public Read {
      members = Map.copyOf(members);
    }
  }

  record Refused(Problem problem) implements Fields {}

  JsonFactory JSON = new JsonFactory();

  /**
   * Reads {@code body}; an empty one has no members.
   *
   * @param known the members that may come
   */
  static Fields of(String body, Set<String> known) {
    if (body.isEmpty()) {
      return new Read(Map.of());
    }
    try (var parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return refused(Code.JSON_UNREADABLE, "the body is not a JSON object", known);
      }
      var fields = members(parser, known);
      return fields instanceof Read && parser.nextToken() != null
          ? refused(Code.JSON_UNREADABLE, "something follows the JSON object", known)
          : fields;
    } catch (IOException _) {
      return refused(Code.JSON_UNREADABLE, "the body is not JSON", known);
    }
  }

  private static Fields members(JsonParser parser, Set<String> known) throws IOException {
    var members = new LinkedHashMap<String, String>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      if (!known.contains(name)) {
        return refused(Code.MEMBER_UNKNOWN, "a member is not known here", known);
      }
      switch (parser.nextToken()) {
        case VALUE_STRING -> {
          if (members.putIfAbsent(name, parser.getText()) != null) {
            return refused(
                Code.MEMBER_REPEATED, "\"" + name + "\" comes more than once", known, name);
          }
        }
        case null, default -> {
          return refused(Code.MEMBER_INVALID, "\"" + name + "\" is not text", known, name);
        }
      }
    }
    return parser.currentToken() == JsonToken.END_OBJECT
        ? new Read(members)
        : refused(Code.JSON_UNREADABLE, "the JSON object does not end", known);
  }

  private static Refused refused(Code code, String detail, Set<String> known, String member) {
    return new Refused(refused(code, detail, known).problem().with("member", member));
  }

  private static Refused refused(Code code, String detail, Set<String> known) {
    var next =
        known.isEmpty() ? "send {}" : "the members are " + String.join(", ", new TreeSet<>(known));
    return new Refused(Problem.of(code, detail, next));
  }
}
