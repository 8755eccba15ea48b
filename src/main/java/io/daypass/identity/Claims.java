package io.daypass.identity;

import java.time.Instant;

/** The claims of a signed token, checked: audience, times, types, emptiness. */
final class Claims {

  private Claims() {}

  static Claims of(TokenProof.Proof.Signed signed) {
    return new Claims();
  }

  Verification check(Instant now) {
    return new Verification.Rejected(Rejection.CLAIM_MISSING);
  }
}
