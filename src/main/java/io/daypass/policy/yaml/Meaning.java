package io.daypass.policy.yaml;

import io.daypass.document.Documents;
import io.daypass.document.Documents.Parsed.Broken;
import io.daypass.document.Documents.Parsed.Read;
import io.daypass.document.Json;
import io.daypass.document.Node;
import io.daypass.document.Node.Entry;
import io.daypass.document.Node.Mapping;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a role's file and those it refers to say, however it is written down. Every value counts,
 * and the order of lists; comments, quotes, spaces, the order of keys and the file's own name do
 * not. What people approved is void when this changes, so a typo mended in a comment must not
 * change it.
 */
final class Meaning {

  private Meaning() {}

  /** SHA-256 over what the files of a role say. */
  static String digest(String roleFile, SortedMap<String, byte[]> used) {
    var said = new TreeMap<String, byte[]>();
    used.forEach((name, bytes) -> {
      if (name.equals(roleFile)) {
        said.put("", said(Documents.parse(name, bytes), bytes));
      } else {
        said.put(name, said(Documents.parseJson(name, bytes), bytes));
      }
    });
    return Digest.of(said);
  }

  private static byte[] said(Documents.Parsed parsed, byte[] bytes) {
    return switch (parsed) {
      case Read(var root) -> Json.write(sorted(root)).getBytes(StandardCharsets.UTF_8);
      // Its problems were noted when it was read for the role: the set is refused.
      case Broken _ -> bytes;
    };
  }

  private static Node sorted(Node node) {
    return switch (node) {
      case Mapping(var entries, var place) -> {
        var byKey = new TreeMap<String, Entry>();
        entries.forEach(
            (key, entry) -> byKey.put(key, new Entry(entry.keyPlace(), sorted(entry.value()))));
        yield new Mapping(byKey, place);
      }
      case Sequence(var items, var place) ->
          new Sequence(items.stream().map(Meaning::sorted).toList(), place);
      case Scalar scalar -> scalar;
    };
  }
}
