package io.daypass.identity;

import java.util.List;
import java.util.Set;

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
    var sha256 = token.sha256();
    return continuations
        .find(sha256, role)
        .filter(found -> isBelieved(found.identity()))
        .<Verification>map(found -> new Verification.Verified(caller(sha256, found)))
        .orElseGet(() -> new Verification.Rejected(Rejection.POLL_TOKEN_UNKNOWN));
  }

  private boolean isBelieved(Identity identity) {
    return identity.kind() == Kind.WORKLOAD && believed.contains(identity.id().issuer());
  }

  private static Caller caller(String sha256, Continuations.Continued found) {
    return new Caller(
        found.identity(),
        new PresentedToken(
            sha256, TokenUse.CARRIES_ON, found.since(), found.until(), null, List.of()));
  }
}
