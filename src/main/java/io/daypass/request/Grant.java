package io.daypass.request;

import java.time.Duration;
import java.time.Instant;

/**
 * What an approved request amounts to: its role for its requester in {@code [startsAt, endsAt)}.
 * Made only by {@link AccessRequest#grantAt}.
 */
public final class Grant {

  // With a minute for whoever is slow.
  private static final Duration NEAR = Duration.ofMinutes(16);

  private final AccessRequest request;
  private final Instant startsAt;
  private final Instant endsAt;

  Grant(AccessRequest request, Instant startsAt, Instant endsAt) {
    this.request = request;
    this.startsAt = startsAt;
    this.endsAt = endsAt;
  }

  public AccessRequest request() {
    return request;
  }

  public Instant startsAt() {
    return startsAt;
  }

  public Instant endsAt() {
    return endsAt;
  }

  /**
   * Whether {@code now} is in its last quarter of an hour, or in the second half of a short one:
   * SDKs look for other keys 15 minutes before theirs end, and from then on at every call
   * (botocore, {@code RefreshableCredentials}).
   */
  public boolean isAboutToEnd(Instant now) {
    var half = Duration.between(startsAt, endsAt).dividedBy(2);
    return !now.isBefore(endsAt.minus(half.compareTo(NEAR) < 0 ? half : NEAR));
  }
}
