package io.daypass.request;

import io.daypass.policy.Allowance;
import java.time.Instant;

/**
 * Proof that an issuance is covered now: a live grant, allowed by the policies in force, with every
 * approval line met by people as they stand. Only {@link Warrants} makes one.
 */
public final class Warrant {

  private final Grant grant;
  private final Allowance allowance;

  Warrant(Grant grant, Allowance allowance) {
    this.grant = grant;
    this.allowance = allowance;
  }

  public Grant grant() {
    return grant;
  }

  public Allowance allowance() {
    return allowance;
  }

  /** The end of the grant, or earlier where the policies in force give less. */
  public Instant endsAt() {
    var byPolicy = grant.startsAt().plus(allowance.duration());
    return byPolicy.isBefore(grant.endsAt()) ? byPolicy : grant.endsAt();
  }
}
