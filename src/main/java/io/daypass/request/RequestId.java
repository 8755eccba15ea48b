package io.daypass.request;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names a request: sixteen characters of Crockford's base 32 (80 random bits), fit for a session
 * name, a tag, a URL and a person's ear.
 */
public record RequestId(String value) {

  private static final Pattern SHAPE = Pattern.compile("[0-9a-hjkmnp-tv-z]{16}");

  public RequestId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a request id");
    }
  }

  /** The id {@code text} spells; empty if it spells none. */
  public static Optional<RequestId> parse(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new RequestId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
