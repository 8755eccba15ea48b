package io.daypass.request;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names a request: sixteen characters of Crockford's base 32 (80 random bits), fit for a session
 * name, a tag, a URL and a person's ear.
 */
public record RequestId(String value) {

  private static final Pattern SHAPE = Pattern.compile("[0-9a-hjkmnp-tv-z]{16}");
  private static final Pattern START = Pattern.compile("[0-9a-hjkmnp-tv-z]{1,16}");

  public RequestId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a request id");
    }
  }

  /** The id {@code text} spells; empty if it spells none. */
  public static Optional<RequestId> parse(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new RequestId(text)) : Optional.empty();
  }

  /** Whether an id could start with {@code text}, or be it. */
  public static boolean isStart(String text) {
    return START.matcher(text).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
