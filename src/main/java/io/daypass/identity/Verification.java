package io.daypass.identity;

/** What became of a token. A refusal and an outage are different answers. */
public sealed interface Verification {

  /** The token proves who its bearer is. */
  record Verified(Caller caller) implements Verification {}

  /** The token proves nothing, and never will. */
  record Rejected(Rejection reason) implements Verification {}

  /** The issuer's keys cannot be had now; the same token may be good later. */
  record Unavailable(String issuer) implements Verification {}
}
