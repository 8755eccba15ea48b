package io.daypass.identity;

import io.daypass.identity.Continuations.Continued;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes the {@link Caller} of a workload that waits for people anew, from the identity that was
 * verified when its request was opened and a poll token that was handed out for that very request.
 * Only workloads wait like this, and only those of issuers that are still believed.
 */
public final class PollVerifier {

  private final Continuations continuations;
  private final Set<String> believed;

  /**
   * Over these.
   *
   * @param believed the configured names of the issuers of workloads
   */
  public PollVerifier(Continuations continuations, Set<String> believed) {
    this.continuations = continuations;
    this.believed = Set.copyOf(believed);
  }

  /** The caller behind {@code token}, for {@code role} only. */
  public Verification verify(PollToken token, String role) {
    return verify(token, found -> found.role().equals(role));
  }

  /** The caller behind {@code token}, for what is done to its request, whatever the role. */
  public Verification verify(PollToken token) {
    return verify(token, _ -> true);
  }

  private Verification verify(PollToken token, Predicate<Continued> meant) {
    var sha256 = token.sha256();
    return continuations
        .find(sha256)
        .filter(found -> meant.test(found) && isBelieved(found.identity()))
        .<Verification>map(found -> new Verification.Verified(caller(sha256, found)))
        .orElseGet(() -> new Verification.Rejected(Rejection.POLL_TOKEN_UNKNOWN));
  }

  private boolean isBelieved(Identity identity) {
    return identity.kind() == Kind.WORKLOAD && believed.contains(identity.id().issuer());
  }

  private static Caller caller(String sha256, Continued found) {
    return new Caller(
        found.identity(),
        new PresentedToken(
            sha256,
            TokenUse.CARRIES_ON,
            found.since(),
            found.until(),
            null,
            List.of(),
            found.request()));
  }
}
