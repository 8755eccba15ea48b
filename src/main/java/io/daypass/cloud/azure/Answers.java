package io.daypass.cloud.azure;

import com.azure.json.JsonProviders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads JSON that Azure sent. */
final class Answers {

  private Answers() {}

  /** The object that {@code body} spells; empty if it spells none. */
  static Map<?, ?> object(byte[] body) {
    try (var reader = JsonProviders.createReader(body)) {
      return reader.readUntyped() instanceof Map<?, ?> object ? object : Map.of();
    } catch (IOException | RuntimeException e) {
      // The library throws either for what is not JSON.
      return Map.of();
    }
  }

  static Optional<String> text(Map<?, ?> object, String name) {
    return object.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  static Optional<Long> number(Map<?, ?> object, String name) {
    return object.get(name) instanceof Number number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }

  static Map<?, ?> within(Map<?, ?> object, String name) {
    return object.get(name) instanceof Map<?, ?> inner ? inner : Map.of();
  }

  /** The objects of a list; what is none is passed over. */
  static List<Map<?, ?>> objects(Map<?, ?> object, String name) {
    var objects = new ArrayList<Map<?, ?>>();
    if (object.get(name) instanceof List<?> list) {
      for (var item : list) {
        if (item instanceof Map<?, ?> map) {
          objects.add(map);
        }
      }
    }
    return objects;
  }

  /** The texts of a list; what is none is passed over. */
  static List<String> texts(Map<?, ?> object, String name) {
    return object.get(name) instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  /** The first number of a list. */
  static Optional<Long> first(Map<?, ?> object, String name) {
    return object.get(name) instanceof List<?> list
            && !list.isEmpty()
            && list.getFirst() instanceof Number number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }
}
