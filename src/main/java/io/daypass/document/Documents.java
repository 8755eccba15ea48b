package io.daypass.document;

import io.daypass.document.TreeReader.Notation;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads one YAML file strictly. Refused besides what is no YAML: duplicate keys, anchors, aliases,
 * tags, merge keys, several documents, keys that are not text, more than 1 MiB, more than 32
 * levels.
 */
public final class Documents {

  static final int MOST_BYTES = 1 << 20;
  static final int MOST_LEVELS = 32;

  private Documents() {}

  /** What became of a file. */
  public sealed interface Parsed {

    /** The file holds one document. */
    record Read(Node root) implements Parsed {}

    /** The file is not used at all; every problem is named, up to the first that hides the rest. */
    record Broken(List<Problem> problems) implements Parsed {
      public Broken {
        problems = List.copyOf(problems);
      }
    }
  }

  /**
   * Reads text.
   *
   * @param file what the places call it
   */
  public static Parsed parse(String file, String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      return broken(file, "too_large", "the file is larger than 1 MiB");
    }
    return new TreeReader(Notation.YAML, file, text).read();
  }

  /** The same for the bytes of a file, which must be UTF-8. */
  public static Parsed parse(String file, byte[] bytes) {
    return parse(Notation.YAML, file, bytes);
  }

  /** Reads a JSON file as strictly. */
  public static Parsed parseJson(String file, byte[] bytes) {
    return parse(Notation.JSON, file, bytes);
  }

  private static Parsed parse(Notation notation, String file, byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      return broken(file, "too_large", "the file is larger than 1 MiB");
    }
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return new TreeReader(notation, file, text.toString()).read();
    } catch (CharacterCodingException e) {
      return broken(file, "not_utf8", "the file is not UTF-8 text");
    }
  }

  private static Parsed broken(String file, String code, String message) {
    return new Parsed.Broken(List.of(new Problem(new Place(file, 1, 1), code, message)));
  }
}
