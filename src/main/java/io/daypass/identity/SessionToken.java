package io.daypass.identity;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a browser that somebody signed in with shows: 256 random bits. Only its SHA-256 is kept.
 * Good for the pages and for nothing else.
 */
public final class SessionToken {

  private static final int BYTES = 32;
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final String value;

  private SessionToken(String value) {
    this.value = value;
  }

  /** The token of these 32 random bytes. */
  public static SessionToken of(byte[] random) {
    if (random.length != BYTES) {
      throw new IllegalArgumentException("a session token has 256 bits");
    }
    return new SessionToken(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
  }

  /** The token {@code text} spells; empty if it has another shape. */
  public static Optional<SessionToken> parse(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new SessionToken(text)) : Optional.empty();
  }

  /** The token itself. Every call of this method is a place to review. */
  public String reveal() {
    return value;
  }

  /** What is kept of it, hex. Random through and through, so that a plain digest is enough. */
  public String sha256() {
    return Digests.sha256(value);
  }

  @Override
  public String toString() {
    return "[session]";
  }
}
