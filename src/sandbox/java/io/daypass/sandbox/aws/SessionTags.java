package io.daypass.sandbox.aws;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Session tags inside a token (IAM user guide, "Passing session tags using
 * AssumeRoleWithWebIdentity"): at most 50, one value each, keys unique whatever their case.
 */
record SessionTags(Map<String, String> values, Set<String> transitive) {

  static final String TAGS = "https://aws.amazon.com/tags";
  static final String SOURCE_IDENTITY = "https://aws.amazon.com/source_identity";

  private static final SessionTags NONE = new SessionTags(Map.of(), Set.of());
  private static final Pattern TEXT = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");
  private static final Pattern SOURCE = Pattern.compile("[\\w+=,.@-]{2,64}");

  static SessionTags of(Map<String, Object> claims) {
    var claim = claims.get(TAGS);
    if (claim == null) {
      return NONE;
    }
    if (!(claim instanceof Map<?, ?> tags)
        || !Set.of("principal_tags", "transitive_tag_keys").containsAll(tags.keySet())
        || !(tags.get("principal_tags") instanceof Map<?, ?> principal)) {
      throw malformed("the claim must have principal_tags");
    }
    var values = values(principal);
    return new SessionTags(values, transitive(tags.get("transitive_tag_keys"), values.keySet()));
  }

  private static Map<String, String> values(Map<?, ?> principal) {
    if (principal.size() > 50) {
      throw malformed("at most 50 tags");
    }
    var values = new LinkedHashMap<String, String>();
    var folded = new HashSet<String>();
    for (var tag : principal.entrySet()) {
      var key = (String) tag.getKey();
      if (key.isEmpty() || key.length() > 128 || !TEXT.matcher(key).matches()) {
        throw malformed("a key has 1 to 128 of the characters allowed");
      }
      if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw malformed("a key may not start with aws:");
      }
      if (!folded.add(key.toLowerCase(Locale.ROOT))) {
        throw malformed("keys must differ in more than their case");
      }
      if (!(tag.getValue() instanceof List<?> list)
          || list.size() != 1
          || !(list.getFirst() instanceof String value)
          || value.length() > 256
          || !TEXT.matcher(value).matches()) {
        throw malformed("a value is an array of one text of up to 256 of the characters allowed");
      }
      values.put(key, value);
    }
    return values;
  }

  private static Set<String> transitive(@Nullable Object raw, Set<String> keys) {
    if (raw == null) {
      return Set.of();
    }
    var transitive = new HashSet<String>();
    if (raw instanceof List<?> list) {
      for (var key : list) {
        if (!(key instanceof String text) || !keys.contains(text)) {
          throw malformed("a transitive key must be the key of a tag");
        }
        transitive.add(text);
      }
      return transitive;
    }
    throw malformed("transitive_tag_keys is an array");
  }

  static @Nullable String sourceIdentity(Map<String, Object> claims) {
    var claim = claims.get(SOURCE_IDENTITY);
    if (claim == null) {
      return null;
    }
    if (claim instanceof String source
        && SOURCE.matcher(source).matches()
        && !source.toLowerCase(Locale.ROOT).startsWith("aws:")) {
      return source;
    }
    throw Refused.invalidToken("The source identity must have 2 to 64 of the characters allowed");
  }

  int size() {
    int size = 0;
    for (var tag : values.entrySet()) {
      size += tag.getKey().length() + tag.getValue().length();
    }
    return size;
  }

  private static Refused malformed(String why) {
    return Refused.invalidToken("The session tags in the token are not valid: " + why);
  }
}
