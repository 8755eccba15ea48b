package io.daypass.ledger;

import io.daypass.identity.Identity;
import io.daypass.policy.Role;
import io.daypass.request.RequestId;
import java.time.Instant;
import java.util.UUID;

/**
 * Proof that the intent to issue under a grant is durably in the ledger, and so may be minted. Only
 * {@link Ledger} makes one, and {@link CheckupLedger} for what nobody will be given.
 */
public final class RecordedGrant {

  private final UUID issuance;
  private final RequestId request;
  private final Identity requester;
  private final Role role;
  private final Instant recordedAt;
  private final Instant endsAt;
  private final Instant grantEndsAt;

  RecordedGrant(
      UUID issuance,
      RequestId request,
      Identity requester,
      Role role,
      Instant recordedAt,
      Instant endsAt,
      Instant grantEndsAt) {
    this.issuance = issuance;
    this.request = request;
    this.requester = requester;
    this.role = role;
    this.recordedAt = recordedAt;
    this.endsAt = endsAt;
    this.grantEndsAt = grantEndsAt;
  }

  /** Names this issuance everywhere: in the ledger, as the assertion's jti, in the answer. */
  public UUID issuance() {
    return issuance;
  }

  public RequestId request() {
    return request;
  }

  public Identity requester() {
    return requester;
  }

  /** The role as the policies in force define it. */
  public Role role() {
    return role;
  }

  /** The database's clock when the intent was written. */
  public Instant recordedAt() {
    return recordedAt;
  }

  /**
   * The instant at which no credential of this issuance may work any more; whole seconds. Never
   * later than {@link #grantEndsAt}.
   */
  public Instant endsAt() {
    return endsAt;
  }

  /** Until when there may be more: later than {@link #endsAt} where the caller asked for less. */
  public Instant grantEndsAt() {
    return grantEndsAt;
  }
}
