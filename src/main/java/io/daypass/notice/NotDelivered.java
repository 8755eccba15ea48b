package io.daypass.notice;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The other end did not take a message, or nobody knows whether it did. */
public final class NotDelivered extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;
  private final @Nullable Duration retryAfter;

  /**
   * @param code stable, for the log: never what the other end said in its own words
   */
  public NotDelivered(String code, @Nullable Throwable cause) {
    this(code, null, cause);
  }

  /**
   * @param retryAfter how long the other end asks to be left alone; null if it does not say
   */
  public NotDelivered(String code, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(code, cause);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  public String code() {
    return code;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
