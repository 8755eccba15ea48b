package io.daypass.identity;

/**
 * Proof that somebody is who {@link #identity} says. Only {@link IdentityVerifier} and {@link
 * PollVerifier} make one, so holding a caller is having verified a token.
 */
public final class Caller {

  private final Identity identity;
  private final PresentedToken token;

  Caller(Identity identity, PresentedToken token) {
    this.identity = identity;
    this.token = token;
  }

  public Identity identity() {
    return identity;
  }

  public CallerId id() {
    return identity.id();
  }

  public PresentedToken token() {
    return token;
  }

  public boolean isHuman() {
    return identity.kind() == Kind.HUMAN;
  }
}
