package io.daypass.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sign-ins that are under way, so that any replica can finish what another began. */
public interface SignIns {

  /** How long somebody may take at the issuer. */
  Duration PATIENCE = Duration.ofMinutes(10);

  void begin(UnderWay signIn);

  /** The sign-in with this key, once; empty if there is none, or it took too long. */
  Optional<Taken> take(Key key);

  /**
   * What must be right for a sign-in to be found.
   *
   * @param state SHA-256 of the state
   * @param browser SHA-256 of the cookie of the browser that it began in
   * @param issuer the configured name
   */
  record Key(String state, String browser, String issuer) {}

  /**
   * A sign-in that is under way. Never printed: it holds what the issuer's answer is tied to.
   *
   * @param iss of the issuer, as it was configured when it began
   * @param to where to go afterwards, a path of ours
   * @param fresh whether an earlier sign-in at the issuer does not do
   * @param session SHA-256 of the session that the browser had, if any
   * @param person whose session that was, if any
   */
  record UnderWay(
      Key key,
      String iss,
      String nonce,
      String verifier,
      String to,
      boolean fresh,
      @Nullable String session,
      @Nullable CallerId person) {
    @Override
    public String toString() {
      return "UnderWay[" + key.issuer() + "]";
    }
  }

  /** A sign-in that came back, and when it began. */
  record Taken(UnderWay signIn, Instant begunAt) {}
}
