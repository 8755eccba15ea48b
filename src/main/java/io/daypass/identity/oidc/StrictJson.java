package io.daypass.identity.oidc;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object as RFC 8259 writes it and not otherwise: UTF-8, each member once at every
 * depth, at most {@value #DEEPEST} deep, no number that Java would round to infinity or cut off, no
 * NUL and no half of a surrogate pair. The reader inside Nimbus takes the last of two nested
 * members, skips a byte-order mark and rounds long integers: what one reader takes and another
 * refuses is how two programs come to see two callers in one token.
 */
final class StrictJson {

  private static final int DEEPEST = 8;
  private static final int LONGEST_NUMBER = 64;

  private final String text;
  private int at;
  private int depth;

  private StrictJson(String text) {
    this.text = text;
  }

  /** The members in their order; values are String, Long, Double, Boolean, List, Map or null. */
  static Optional<Map<String, @Nullable Object>> object(byte[] utf8) {
    try {
      var json = new StrictJson(decode(utf8));
      json.skipSpace();
      var members = json.members();
      json.skipSpace();
      return json.at == json.text.length() ? Optional.of(members) : Optional.empty();
    } catch (NotJsonException e) {
      return Optional.empty();
    }
  }

  private static String decode(byte[] utf8) throws NotJsonException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new NotJsonException();
    }
  }

  private @Nullable Object value() throws NotJsonException {
    return switch (peek()) {
      case '{' -> members();
      case '[' -> elements();
      case '"' -> string();
      case 't' -> word("true", Boolean.TRUE);
      case 'f' -> word("false", Boolean.FALSE);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> members() throws NotJsonException {
    expect('{');
    enter();
    var members = new LinkedHashMap<String, @Nullable Object>();
    skipSpace();
    if (!took('}')) {
      do {
        skipSpace();
        var name = string();
        skipSpace();
        expect(':');
        skipSpace();
        if (members.containsKey(name)) {
          throw new NotJsonException();
        }
        members.put(name, value());
        skipSpace();
      } while (took(','));
      expect('}');
    }
    depth--;
    return members;
  }

  private List<@Nullable Object> elements() throws NotJsonException {
    expect('[');
    enter();
    var elements = new ArrayList<@Nullable Object>();
    skipSpace();
    if (!took(']')) {
      do {
        skipSpace();
        elements.add(value());
        skipSpace();
      } while (took(','));
      expect(']');
    }
    depth--;
    return elements;
  }

  private String string() throws NotJsonException {
    expect('"');
    var from = at;
    while (peek() != '"' && peek() != '\\') {
      if (text.charAt(at) < 0x20) {
        throw new NotJsonException();
      }
      at++;
    }
    if (text.charAt(at) == '"') {
      // Nothing escaped, so well-formed: the decoder has seen to pairs of surrogates.
      return text.substring(from, at++);
    }
    return escapedString(from);
  }

  private String escapedString(int from) throws NotJsonException {
    var string = new StringBuilder().append(text, from, at);
    while (!took('"')) {
      var c = next();
      if (c < 0x20) {
        throw new NotJsonException();
      }
      string.append(c == '\\' ? escaped() : c);
    }
    if (string.codePoints().anyMatch(c -> c == 0 || (c >= 0xd800 && c <= 0xdfff))) {
      throw new NotJsonException();
    }
    return string.toString();
  }

  private char escaped() throws NotJsonException {
    var c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal();
      default -> throw new NotJsonException();
    };
  }

  private char hexadecimal() throws NotJsonException {
    var value = 0;
    for (var i = 0; i < 4; i++) {
      var c = next();
      var digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw new NotJsonException();
      }
      value = value * 16 + digit;
    }
    return (char) value;
  }

  private Object number() throws NotJsonException {
    var from = at;
    took('-');
    if (!took('0')) {
      digits();
    }
    var whole = true;
    if (took('.')) {
      whole = false;
      digits();
    }
    if (took('e') || took('E')) {
      whole = false;
      if (!took('+')) {
        took('-');
      }
      digits();
    }
    if (at - from > LONGEST_NUMBER) {
      throw new NotJsonException();
    }
    var number = text.substring(from, at);
    if (whole) {
      return whole(number);
    }
    return fraction(number);
  }

  private static Long whole(String number) throws NotJsonException {
    try {
      return Long.valueOf(number);
    } catch (NumberFormatException e) {
      throw new NotJsonException();
    }
  }

  private static Double fraction(String number) throws NotJsonException {
    var value = Double.valueOf(number);
    if (value.isInfinite()) {
      throw new NotJsonException();
    }
    return value;
  }

  private void digits() throws NotJsonException {
    var from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == from) {
      throw new NotJsonException();
    }
  }

  private <T extends @Nullable Object> T word(String word, T value) throws NotJsonException {
    if (!text.startsWith(word, at)) {
      throw new NotJsonException();
    }
    at += word.length();
    return value;
  }

  private void enter() throws NotJsonException {
    if (++depth > DEEPEST) {
      throw new NotJsonException();
    }
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean took(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) throws NotJsonException {
    if (!took(c)) {
      throw new NotJsonException();
    }
  }

  private char peek() throws NotJsonException {
    if (at >= text.length()) {
      throw new NotJsonException();
    }
    return text.charAt(at);
  }

  private char next() throws NotJsonException {
    var c = peek();
    at++;
    return c;
  }

  /** Leaves the reader from any depth; made without a stack trace, as attackers ask for many. */
  private static final class NotJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    NotJsonException() {
      super("not the JSON that is accepted here", null, false, false);
    }
  }
}
