package io.daypass.identity;

import java.util.Map;
import java.util.Optional;

/**
 * Makes the {@link Caller} of a browser's session anew at each use. Only people have sessions, and
 * only those of issuers that are still believed, under the same {@code iss}.
 */
public final class SessionVerifier {

  private final Sessions sessions;
  private final Map<String, String> believed;

  /**
   * Over these.
   *
   * @param believed the {@code iss} of each issuer that people sign in with, by its configured name
   */
  public SessionVerifier(Sessions sessions, Map<String, String> believed) {
    this.sessions = sessions;
    this.believed = Map.copyOf(believed);
  }

  /**
   * Who signed in; empty if nobody did, or not any more.
   *
   * @param byPerson whether somebody did something; a page that looks again by itself keeps no
   *     session alive
   */
  public Optional<Caller> verify(SessionToken token, boolean byPerson) {
    var sha256 = token.sha256();
    return (byPerson ? sessions.use(sha256) : sessions.look(sha256))
        .filter(held -> Digests.same(held.sha256(), sha256))
        .filter(held -> held.identity().kind() == Kind.HUMAN)
        .filter(held -> held.iss().equals(believed.get(held.identity().id().issuer())))
        .map(SessionVerifier::caller);
  }

  private static Caller caller(Sessions.Held held) {
    return new Caller(
        held.identity(),
        new PresentedToken(
            held.sha256(),
            TokenUse.SESSION,
            held.saidAt(),
            held.until(),
            held.signedInAt(),
            held.strength()));
  }
}
