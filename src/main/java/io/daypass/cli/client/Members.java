package io.daypass.cli.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members of a JSON object that are text, numbers, booleans or lists of text; others are left
 * out. A streaming reader, because data binding alone would take longer to load than SDKs wait.
 */
public final class Members {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Map<String, Object> values;

  private Members(Map<String, Object> values) {
    this.values = Map.copyOf(values);
  }

  /** The object that {@code json} spells; empty if it spells none. */
  public static Optional<Members> read(String json) {
    try (var parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      var values = new HashMap<String, Object>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        var name = parser.currentName();
        parser.nextToken();
        value(parser).ifPresent(value -> values.put(name, value));
      }
      return parser.nextToken() == null ? Optional.of(new Members(values)) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Object> value(JsonParser parser) throws IOException {
    var token = parser.currentToken();
    if (token == null) {
      return Optional.empty();
    }
    // Without "case null", with which the JVM would make this switch at its first use.
    return switch (token) {
      case VALUE_STRING -> Optional.of(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Optional.of(parser.getNumberValue());
      case VALUE_TRUE -> Optional.of(true);
      case VALUE_FALSE -> Optional.of(false);
      case START_ARRAY -> list(parser);
      case START_OBJECT -> {
        parser.skipChildren();
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private static Optional<Object> list(JsonParser parser) throws IOException {
    var items = new ArrayList<String>();
    var texts = true;
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (token == JsonToken.VALUE_STRING) {
        items.add(parser.getText());
      } else {
        texts = false;
        parser.skipChildren();
      }
    }
    return texts ? Optional.of(List.copyOf(items)) : Optional.empty();
  }

  public Optional<String> text(String name) {
    return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** A whole number. */
  public Optional<Long> number(String name) {
    return switch (values.get(name)) {
      case Integer number -> Optional.of(number.longValue());
      case Long number -> Optional.of(number);
      case null, default -> Optional.empty();
    };
  }

  public boolean isTrue(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  /** A list of text, or one text as a list of itself; empty if it is neither. */
  public List<String> texts(String name) {
    return switch (values.get(name)) {
      case String text -> List.of(text);
      case List<?> list -> list.stream().map(String::valueOf).toList();
      case null, default -> List.of();
    };
  }
}
