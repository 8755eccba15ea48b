package io.daypass.identity;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a workload carries a waiting request on with, once the token that opened it is spent or
 * dead: 256 random bits behind a prefix that secret scanners can look for. Only its SHA-256 is
 * kept. Good for nothing but the one request and role it was handed out for.
 */
public final class PollToken {

  private static final int BYTES = 32;
  private static final String PREFIX = "dpp_";
  private static final Pattern SHAPE = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

  private final String value;

  private PollToken(String value) {
    this.value = value;
  }

  /** The token of these 32 random bytes. */
  public static PollToken of(byte[] random) {
    if (random.length != BYTES) {
      throw new IllegalArgumentException("a poll token has 256 bits");
    }
    return new PollToken(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
  }

  /** The token {@code text} spells; empty if it has another shape. */
  public static Optional<PollToken> parse(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new PollToken(text)) : Optional.empty();
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
    return "[poll token]";
  }
}
