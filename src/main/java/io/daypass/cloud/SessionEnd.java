package io.daypass.cloud;

import io.daypass.cloud.MintException.Reason;
import io.daypass.ledger.RecordedGrant;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When a session must end, and how long a life the cloud is asked for. Reckoned by the database's
 * clock: a broker whose own is wrong cannot prolong anything.
 *
 * @param at no session of the grant does anything from this instant on; whole seconds
 * @param asked what the cloud is asked for: within its own limits, so it may end after {@code at}
 */
public record SessionEnd(Instant at, Duration asked) {

  /** Less than this is over before it can be used. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  /**
   * The end of a session under {@code grant}: the grant's own end; earlier where the role allows
   * its credentials less than {@code floor}, which the cloud cannot be asked for.
   *
   * @param floor the shortest life the cloud gives
   * @param ceiling the longest
   */
  public static SessionEnd of(RecordedGrant grant, Duration floor, Duration ceiling)
      throws MintException {
    var lifetime = grant.role().credentialLifetime();
    var ends = grant.endsAt();
    if (lifetime.compareTo(floor) < 0) {
      ends = earlier(ends, grant.recordedAt().plus(lifetime));
    }
    var at = ends.truncatedTo(ChronoUnit.SECONDS);
    var left = Duration.between(grant.recordedAt(), at);
    if (left.compareTo(SHORTEST) < 0) {
      throw new MintException(Reason.GRANT_TOO_SHORT);
    }
    return new SessionEnd(at, clamp(shorter(lifetime, left), floor, ceiling));
  }

  /** What a holder is told of a credential that the cloud lets live until {@code expiration}. */
  public Instant earlierThan(Instant expiration) {
    return earlier(at, expiration);
  }

  private static Duration clamp(Duration wanted, Duration floor, Duration ceiling) {
    if (wanted.compareTo(floor) < 0) {
      return floor;
    }
    return Duration.ofSeconds(shorter(wanted, ceiling).toSeconds());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
