package io.daypass.web;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads form-encoded names and values; what comes twice or is not expected is refused. */
public sealed interface Query {

  /** Every parameter, once. */
  record Read(Map<String, String> values) implements Query {
    public Read {
      values = Map.copyOf(values);
    }
  }

  record Refused(Problem problem) implements Query {}

  /**
   * Reads {@code text}, e.g. {@code a=1&b=2}.
   *
   * @param known the names that may come; null lets every name come
   */
  static Query of(String text, @Nullable Set<String> known) {
    var values = new LinkedHashMap<String, String>();
    for (var pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
      var cut = pair.indexOf('=');
      String name;
      String value;
      try {
        name = decode(cut < 0 ? pair : pair.substring(0, cut));
        value = cut < 0 ? "" : decode(pair.substring(cut + 1));
      } catch (IllegalArgumentException _) {
        return refused(Code.PARAMETER_INVALID, "a parameter is not percent-encoded text in UTF-8");
      }
      if (known != null && !known.contains(name)) {
        return refused(Code.PARAMETER_UNKNOWN, "a parameter is not known here");
      }
      if (values.putIfAbsent(name, value) != null) {
        return refused(Code.PARAMETER_REPEATED, "a parameter comes more than once");
      }
    }
    return new Read(values);
  }

  private static Refused refused(Code code, String detail) {
    return new Refused(Problem.of(code, detail, "see /openapi.yaml for the parameters"));
  }

  private static String decode(String text) {
    if (text.chars().anyMatch(c -> c > 0x7e)) {
      throw new IllegalArgumentException("not encoded");
    }
    // URLDecoder turns broken UTF-8 into replacement characters: through Latin-1 the bytes survive.
    var bytes = URLDecoder.decode(text, StandardCharsets.ISO_8859_1);
    // No text that means anything has one, and the database takes none.
    if (bytes.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not UTF-8", e);
    }
  }
}
