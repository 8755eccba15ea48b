package io.daypass.cloud.wire;

import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One attempt failed. It keeps no cause: an SDK exception may quote what was sent or received. */
public final class Failure extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final boolean repeatable;
  private final @Nullable Duration retryAfter;
  private final String code;
  private final String detail;

  private Failure(
      Reason reason,
      boolean repeatable,
      @Nullable Duration retryAfter,
      String code,
      String detail) {
    super(reason.code(), null, false, false);
    this.reason = reason;
    this.repeatable = repeatable;
    this.retryAfter = retryAfter;
    this.code = code;
    this.detail = detail;
  }

  /** One that another attempt would meet as well, or must not be tried again after. */
  public static Failure lasting(Reason reason, String detail) {
    return new Failure(reason, false, null, "", detail);
  }

  /** One that another attempt may not meet, and that left no credential in anybody's hands. */
  public static Failure passing(Reason reason, @Nullable Duration retryAfter, String detail) {
    return new Failure(reason, true, retryAfter, "", detail);
  }

  /** The same, with the cloud's own code for it. */
  public Failure coded(String own) {
    return new Failure(reason, repeatable, retryAfter, own, detail);
  }

  /** The same after an attempt that may have had its effect, whatever this one was told. */
  Failure inDoubt() {
    return reason.mayExist()
        ? this
        : new Failure(Reason.CLOUD_FAILED, repeatable, retryAfter, code, detail);
  }

  /** What a fault on the wire means for a mint. */
  public static Failure of(WireException wire) {
    return switch (wire.kind()) {
      case NOT_SENT -> passing(Reason.CLOUD_UNREACHABLE, null, describe(wire));
      // Nearly always unread; a credential that was made all the same is in nobody's hands, and has
      // the end and the tags of the one that is asked for again.
      case HUNG_UP -> passing(Reason.CLOUD_FAILED, null, describe(wire));
      // Asked again it would make a second credential beside one that nobody knows.
      case LOST -> lasting(Reason.CLOUD_FAILED, describe(wire));
      case UNACCEPTABLE -> lasting(Reason.CLOUD_ANSWER_WRONG, describe(wire));
    };
  }

  private static String describe(WireException wire) {
    var message = wire.getMessage();
    return message == null ? "" : message;
  }

  public Reason reason() {
    return reason;
  }

  /** The cloud's own code for it; empty if it gave none. */
  public String code() {
    return code;
  }

  boolean repeatable() {
    return repeatable;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** For the log of this broker and its operators only. */
  public String detail() {
    return detail;
  }

  public MintException asMintException() {
    return new MintException(reason, new MintException.Said(code, detail));
  }
}
