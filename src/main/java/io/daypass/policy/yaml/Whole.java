package io.daypass.policy.yaml;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.daypass.policy.TicketPattern;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A pattern matched against whole texts only, in linear time (RE2), so that no ticket can make it
 * slow.
 */
record Whole(Pattern compiled) implements TicketPattern {

  static final int LONGEST_PATTERN = 256;
  private static final int LONGEST_TEXT = 256;

  // Printable, and in no order that a pattern written for tickets or names would ask for.
  private static final String NONSENSE = "~|\"<a}0Z`{^9;Q\\>z&$@5!k".repeat(4);

  static Optional<Whole> parse(String pattern) {
    if (pattern.isBlank() || pattern.length() > LONGEST_PATTERN) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Whole(Pattern.compile(pattern)));
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
  }

  /** Whether it accepts nonsense of some length: such a pattern asks for nothing. */
  boolean cannotFail() {
    return IntStream.rangeClosed(1, NONSENSE.length())
        .anyMatch(length -> compiled.matcher(NONSENSE.substring(0, length)).matches());
  }

  @Override
  public boolean matches(String text) {
    return text.length() <= LONGEST_TEXT && compiled.matcher(text).matches();
  }

  @Override
  public String pattern() {
    return compiled.pattern();
  }
}
