package io.daypass.identity.oidc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** An issuer's published keys (RFC 7517 section 5) that tokens may be verified with, by kid. */
final class KeySet {

  private static final int MOST = 64;

  private KeySet() {}

  /** Leaves out single keys it cannot or may not use; refuses a document that makes no sense. */
  static Fetched read(byte[] document, KeyReader reader) {
    var set = StrictJson.object(document);
    if (set.isEmpty() || !(set.get().get("keys") instanceof List<?> entries)) {
      return new Fetched.Refused("the document is not a JWK set");
    }
    if (entries.size() > MOST) {
      return new Fetched.Refused("the document has more than 64 keys");
    }
    var keys = new HashMap<String, VerifyingKey>();
    var skipped = new TreeSet<String>();
    for (var entry : entries) {
      if (!(entry instanceof Map<?, ?> members)) {
        return new Fetched.Refused("the document has a key that is no object");
      }
      switch (reader.read(members)) {
        case KeyReader.Entry.Skipped(var reason) -> skipped.add(reason);
        case KeyReader.Entry.Usable(var key) -> {
          // Which of the two a token means would be a guess.
          if (keys.putIfAbsent(key.kid(), key) != null) {
            return new Fetched.Refused("the document has two keys of one kid");
          }
        }
      }
    }
    return new Fetched.Keys(Map.copyOf(keys), List.copyOf(skipped));
  }
}
