package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names and texts of the policies, as they may be. */
final class Names {

  static final String DURATION = "a duration such as 30m, 8h or 1h30m";

  // It stands in subjects, tags and addresses: no character there needs escaping anywhere.
  private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_PROSE = 500;

  private Names() {}

  static Optional<String> role(MappingReader reader) {
    return reader.require("role")
        ? reader.parsed(
            "role",
            text -> Optional.of(text).filter(t -> ROLE.matcher(t).matches()),
            "a name of letters, digits, dots, hyphens and underscores, at most 63")
        : Optional.empty();
  }

  static Optional<String> rule(MappingReader reader) {
    return reader.requiredText("name").filter(text -> fits(reader, "name", text, LONGEST_NAME));
  }

  /** One line that people read. */
  static Optional<String> prose(MappingReader reader, String key, String text) {
    return Optional.of(text).filter(t -> fits(reader, key, t, LONGEST_PROSE));
  }

  private static boolean fits(MappingReader reader, String key, String text, int longest) {
    var fits =
        !text.isBlank()
            && text.length() <= longest
            && text.codePoints().noneMatch(Names::isInvisible);
    if (!fits) {
      var message = "\"" + key + "\" is one line of 1 to " + longest + " visible characters";
      reader.problem(key, "bad_value", message);
    }
    return fits;
  }

  /** Control characters, and those that turn the direction of text round. */
  private static boolean isInvisible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE ->
          true;
      default -> false;
    };
  }
}
