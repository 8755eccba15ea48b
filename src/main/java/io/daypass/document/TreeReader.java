package io.daypass.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.daypass.document.Documents.Parsed;
import io.daypass.document.Node.Entry;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Scalar.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One reading of one file. */
final class TreeReader {

  private static final Pattern INTEGER = Pattern.compile("[-+]?(?:0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?");
  private static final Set<String> BOOLEANS = Set.of("true", "false");
  private static final Set<String> NULLS = Set.of("", "~", "null");

  /** Which of the two notations a file is in. */
  enum Notation {
    YAML,
    JSON;

    private JsonFactory factory() {
      return switch (this) {
        case YAML -> new YAMLFactory();
        case JSON -> new JsonFactory();
      };
    }
  }

  private final Notation notation;
  private final String file;
  private final String text;
  private final int[] characters;
  private final Set<Problem> problems = new LinkedHashSet<>();

  TreeReader(Notation notation, String file, String text) {
    this.notation = notation;
    this.file = file;
    this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    this.characters = this.text.codePoints().toArray();
  }

  Parsed read() {
    try (var parser = notation.factory().createParser(text)) {
      var root = root(parser);
      return root.isPresent() && problems.isEmpty()
          ? new Parsed.Read(root.get())
          : new Parsed.Broken(List.copyOf(problems));
    } catch (TooDeepException e) {
      problems.add(e.problem);
    } catch (JsonProcessingException e) {
      problems.add(syntax(e));
    } catch (IOException e) {
      throw new AssertionError("a string is read without I/O", e);
    }
    return new Parsed.Broken(List.copyOf(problems));
  }

  private Optional<Node> root(JsonParser parser) throws IOException {
    if (parser.nextToken() == null) {
      add(new Place(file, 1, 1), "empty_document", "the file holds nothing");
      return Optional.empty();
    }
    var root = value(parser, 1);
    if (parser.nextToken() != null) {
      add(place(parser), "several_documents", "a file holds one document");
    }
    return Optional.of(root);
  }

  private Node value(JsonParser parser, int level) throws IOException {
    refuseReferences(parser);
    if (parser.currentToken().isStructStart() && level > Documents.MOST_LEVELS) {
      throw new TooDeepException(
          new Problem(place(parser), "too_deep", "more than 32 levels deep"));
    }
    return switch (parser.currentToken()) {
      case JsonToken.START_OBJECT -> mapping(parser, level);
      case JsonToken.START_ARRAY -> sequence(parser, level);
      default -> scalar(parser);
    };
  }

  private Node mapping(JsonParser parser, int level) throws IOException {
    var place = place(parser);
    var entries = new LinkedHashMap<String, Entry>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var key = parser.currentName();
      var keyPlace = place(parser);
      checkKey(parser, key);
      parser.nextToken();
      var earlier = entries.putIfAbsent(key, new Entry(keyPlace, value(parser, level + 1)));
      if (earlier != null) {
        var message = "the key \"" + key + "\" already stands on line " + earlier.keyPlace().line();
        add(keyPlace, "duplicate_key", message);
      }
    }
    return new Node.Mapping(entries, place);
  }

  private void checkKey(JsonParser parser, String key) {
    refuseReferences(parser);
    var plain = isPlain(parser);
    if (plain && key.equals("<<")) {
      add(place(parser), "merge_key_not_allowed", "keys are not merged; write them out");
    } else if (plain && kind(key) != Kind.STRING) {
      add(place(parser), "key_not_text", "a key is text; quote it if it is meant so");
    }
  }

  private Node sequence(JsonParser parser, int level) throws IOException {
    var place = place(parser);
    var items = new ArrayList<Node>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser, level + 1));
    }
    return new Node.Sequence(items, place);
  }

  private Node scalar(JsonParser parser) throws IOException {
    var written = parser.getText();
    // An alias has no text of its own; it has been refused by now.
    var text = written == null ? "" : written;
    return new Scalar(text, isPlain(parser) ? kind(text) : Kind.STRING, place(parser));
  }

  private static Kind kind(String text) {
    if (NULLS.contains(text)) {
      return Kind.NULL;
    }
    if (BOOLEANS.contains(text)) {
      return Kind.BOOLEAN;
    }
    if (INTEGER.matcher(text).matches()) {
      return Kind.INTEGER;
    }
    return DECIMAL.matcher(text).matches() ? Kind.DECIMAL : Kind.STRING;
  }

  /**
   * A value with an anchor or a tag starts at it, and no plain value may start with these signs: so
   * the character at the token tells, also where the parser keeps silent about it.
   */
  private void refuseReferences(JsonParser parser) {
    switch (characterAt(parser)) {
      case '&' -> add(place(parser), "anchor_not_allowed", "anchors are not used here");
      case '*' ->
          add(place(parser), "alias_not_allowed", "aliases are not used here; write it out");
      case '!' -> add(place(parser), "tag_not_allowed", "tags are not used here");
      default -> {}
    }
  }

  private boolean isPlain(JsonParser parser) {
    return switch (characterAt(parser)) {
      case '"', '\'', '|', '>' -> false;
      default -> true;
    };
  }

  private int characterAt(JsonParser parser) {
    if (notation == Notation.JSON) {
      return switch (parser.currentToken()) {
        case JsonToken.FIELD_NAME, JsonToken.VALUE_STRING -> '"';
        default -> 0;
      };
    }
    var offset = parser.currentTokenLocation().getCharOffset();
    return offset >= 0 && offset < characters.length ? characters[(int) offset] : 0;
  }

  private Place place(JsonParser parser) {
    var location = parser.currentTokenLocation();
    return new Place(file, location.getLineNr(), location.getColumnNr());
  }

  private void add(Place place, String code, String message) {
    problems.add(new Problem(place, code, message));
  }

  /** The parser's own words are left out: they may quote a line that holds a secret. */
  private Problem syntax(JsonProcessingException e) {
    var location = e.getLocation();
    var place =
        location == null
            ? new Place(file, 1, 1)
            : new Place(
                file, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    return new Problem(
        place, "syntax", "this is not " + notation + ": check indentation, quotes and brackets");
  }

  /** Thrown to leave the recursion; what lies deeper is not looked at. */
  private static final class TooDeepException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    TooDeepException(Problem problem) {
      super(problem.message());
      this.problem = problem;
    }
  }
}
