package io.daypass.sandbox.http;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The fields of a query string or of a form, each once. */
public record Form(Map<String, String> fields) {

  private static final Form EMPTY = new Form(Map.of());

  public Form {
    fields = Collections.unmodifiableMap(fields);
  }

  /**
   * The fields that {@code text} spells; of a repeated field the first.
   *
   * @throws IllegalArgumentException if an escape is malformed
   */
  public static Form parse(String text) {
    if (text.isEmpty()) {
      return EMPTY;
    }
    var fields = new LinkedHashMap<String, String>();
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf('&', start);
      end = end < 0 ? text.length() : end;
      int equals = text.indexOf('=', start);
      if (equals >= 0 && equals < end) {
        fields.putIfAbsent(decode(text, start, equals), decode(text, equals + 1, end));
      } else if (end > start) {
        fields.putIfAbsent(decode(text, start, end), "");
      }
      start = end + 1;
    }
    return new Form(fields);
  }

  /** {@code base} with {@code fields} as its query. */
  public static String url(String base, Map<String, String> fields) {
    var url = new StringBuilder(base);
    char separator = base.indexOf('?') < 0 ? '?' : '&';
    for (var field : fields.entrySet()) {
      url.append(separator)
          .append(encode(field.getKey()))
          .append('=')
          .append(encode(field.getValue()));
      separator = '&';
    }
    return url.toString();
  }

  public Optional<String> get(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  public String get(String name, String otherwise) {
    return fields.getOrDefault(name, otherwise);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decode(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '%' || c == '+') {
        return URLDecoder.decode(text.substring(from, to), StandardCharsets.UTF_8);
      }
    }
    return text.substring(from, to);
  }
}
