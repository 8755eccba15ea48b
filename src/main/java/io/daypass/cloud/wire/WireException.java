package io.daypass.cloud.wire;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** No usable answer came over the wire. */
public final class WireException extends IOException {

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  public WireException(Kind kind, Throwable cause) {
    // The type of the cause is enough: its text may quote what was sent.
    super(kind + " (" + cause.getClass().getSimpleName() + ")");
    this.kind = kind;
  }

  public WireException(Kind kind) {
    super(kind.name());
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** The wire exception that {@code failure} is or was caused by. */
  public static @Nullable WireException in(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof WireException wire) {
        return wire;
      }
    }
    return null;
  }

  public enum Kind {
    /** The request never left: no connection was made. */
    NOT_SENT,
    /**
     * The other side ended a connection that it had kept open for us, at the moment we used it
     * again: no byte of an answer came (RFC 9112, 9.3.1 and 9.5).
     */
    HUNG_UP,
    /** The request may have been read, but no answer came whole, in time and of a sane size. */
    LOST,
    /** An answer came that is of a kind never to be parsed. */
    UNACCEPTABLE
  }
}
