package io.daypass.request;

import io.daypass.policy.Allowance;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Proof that an issuance is covered now: a live grant, allowed by the policies in force, with every
 * approval line met by people as they stand. Only {@link Warrants} makes one.
 */
public final class Warrant {

  private final Grant grant;
  private final Allowance allowance;
  private final Instant endsAt;

  Warrant(Grant grant, Allowance allowance) {
    this(grant, allowance, given(grant, allowance));
  }

  private static Instant given(Grant grant, Allowance allowance) {
    return earlier(grant.startsAt().plus(allowance.duration()), grant.endsAt());
  }

  private Warrant(Grant grant, Allowance allowance, Instant endsAt) {
    this.grant = grant;
    this.allowance = allowance;
    this.endsAt = endsAt;
  }

  /** The same, but for an end that may only come earlier; on a whole second. */
  public Warrant noLaterThan(Instant end) {
    var whole = end.truncatedTo(ChronoUnit.SECONDS);
    return new Warrant(grant, allowance, earlier(whole, endsAt));
  }

  public Grant grant() {
    return grant;
  }

  public Allowance allowance() {
    return allowance;
  }

  /** The end of the grant, or earlier where the policies in force give or the caller asks less. */
  public Instant endsAt() {
    return endsAt;
  }

  /** Until when there may be more, whatever the caller asks of this one. */
  public Instant grantEndsAt() {
    return given(grant, allowance);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
