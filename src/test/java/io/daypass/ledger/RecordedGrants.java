package io.daypass.ledger;

import io.daypass.identity.Identity;
import io.daypass.policy.Role;
import io.daypass.request.RequestId;
import java.time.Instant;
import java.util.UUID;

/** Makes recorded grants for tests of what comes after the record. */
public final class RecordedGrants {

  private RecordedGrants() {}

  public static RecordedGrant of(
      UUID issuance,
      RequestId request,
      Identity requester,
      Role role,
      Instant recordedAt,
      Instant endsAt) {
    return new RecordedGrant(issuance, request, requester, role, recordedAt, endsAt, endsAt);
  }
}
