package io.daypass.identity;

import java.time.Duration;
import java.time.InstantSource;

/** Turns a token into a {@link Caller}, or says why not. Pure but for the clock: no database. */
public final class IdentityVerifier {

  /**
   * How far an issuer's clock and this one may differ. What is remembered of a token must be kept
   * until it expired, plus this.
   */
  public static final Duration LEEWAY = Duration.ofSeconds(30);

  private final TokenProof proof;
  private final InstantSource clock;

  public IdentityVerifier(TokenProof proof, InstantSource clock) {
    this.proof = proof;
    this.clock = clock;
  }

  /** Never throws for a token, whatever it looks like. */
  public Verification verify(String token) {
    return switch (proof.prove(token)) {
      case TokenProof.Proof.Unsigned(var reason) -> new Verification.Rejected(reason);
      case TokenProof.Proof.KeysUnavailable(var issuer) -> new Verification.Unavailable(issuer);
      case TokenProof.Proof.Signed signed -> Claims.of(signed).check(clock.instant());
    };
  }
}
