package io.daypass.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of browsers, the same on all replicas, by the database's clock. One that is not used for
 * {@link #IDLE} is over, and so is one whose person was suspended.
 */
public interface Sessions {

  /** How long a session may rest between two uses. */
  Duration IDLE = Duration.ofMinutes(15);

  /** How long a session may live, however often it is used. */
  Duration LONGEST = Duration.ofHours(8);

  /** The live session with this SHA-256, which is thereby used; empty if there is none. */
  Optional<Held> use(String sha256);

  /** The same, without using it: for a page that looks again by itself. */
  Optional<Held> look(String sha256);

  /** Opens a session and ends the one it replaces; false if the person is suspended. */
  boolean open(Opening opening);

  /** Ends a session, on all replicas at once. */
  void end(String sha256);

  /**
   * A session that lives.
   *
   * @param identity as the sign-in that began the session described them, less the groups that a
   *     newer verified token of theirs does not name any more: what another sign-in said, of a
   *     second factor say, is not this one's
   * @param iss of the issuer that they signed in with, as it was configured then
   * @param saidAt when the token of that sign-in was issued
   * @param until when the session ends at the latest
   * @param signedInAt when they last proved who they are to the issuer, if it says so
   * @param strength {@code acr} and {@code amr} values of that sign-in
   */
  record Held(
      String sha256,
      Identity identity,
      String iss,
      Instant saidAt,
      Instant until,
      @Nullable Instant signedInAt,
      List<String> strength) {
    public Held {
      strength = List.copyOf(strength);
    }
  }

  /**
   * A session to open, for somebody who is known.
   *
   * @param identity what the token of the sign-in said
   * @param saidAt when it was issued
   * @param until when it ends at the latest; never later than {@link #LONGEST} from now
   * @param replaces the SHA-256 of the session that the browser had, if any
   */
  record Opening(
      String sha256,
      Identity identity,
      Instant saidAt,
      String iss,
      Instant until,
      @Nullable Instant signedInAt,
      List<String> strength,
      @Nullable String replaces) {
    public Opening {
      strength = List.copyOf(strength);
    }
  }
}
