package io.daypass.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON without a space too many. */
public final class Json {

  private static final JsonFactory JSON = new JsonFactory();

  private Json() {}

  /** A part of a document, as it stands. */
  public static String write(Node node) {
    return written(generator -> node(generator, node));
  }

  /** Maps, collections, text, numbers, booleans and null; anything else as its text. */
  public static String write(Object value) {
    return written(generator -> value(generator, value));
  }

  private interface Writing {
    void to(JsonGenerator generator) throws IOException;
  }

  private static String written(Writing writing) {
    var text = new StringWriter();
    try (var generator = JSON.createGenerator(text)) {
      writing.to(generator);
    } catch (IOException e) {
      throw new AssertionError("a string is written without I/O", e);
    }
    return text.toString();
  }

  private static void node(JsonGenerator generator, Node node) throws IOException {
    switch (node) {
      case Mapping(var entries, _) -> {
        generator.writeStartObject();
        for (var entry : entries.entrySet()) {
          generator.writeFieldName(entry.getKey());
          node(generator, entry.getValue().value());
        }
        generator.writeEndObject();
      }
      case Sequence(var items, _) -> {
        generator.writeStartArray();
        for (var item : items) {
          node(generator, item);
        }
        generator.writeEndArray();
      }
      case Scalar(var text, var kind, _) -> {
        switch (kind) {
          case STRING -> generator.writeString(text);
          case INTEGER, DECIMAL -> generator.writeNumber(text);
          case BOOLEAN -> generator.writeBoolean(text.equals("true"));
          case NULL -> generator.writeNull();
        }
      }
    }
  }

  private static void value(JsonGenerator generator, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> generator.writeNull();
      case Map<?, ?> map -> {
        generator.writeStartObject();
        for (var entry : map.entrySet()) {
          generator.writeFieldName(String.valueOf(entry.getKey()));
          value(generator, entry.getValue());
        }
        generator.writeEndObject();
      }
      case Collection<?> items -> {
        generator.writeStartArray();
        for (var item : items) {
          value(generator, item);
        }
        generator.writeEndArray();
      }
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Double number -> generator.writeNumber(number);
      case Boolean bool -> generator.writeBoolean(bool);
      case Object other -> generator.writeString(other.toString());
    }
  }
}
