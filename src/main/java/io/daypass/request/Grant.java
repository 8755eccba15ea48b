package io.daypass.request;

import java.time.Instant;

/**
 * What an approved request amounts to: its role for its requester in {@code [startsAt, endsAt)}.
 * Made only by {@link AccessRequest#grantAt}.
 */
public final class Grant {

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
}
