package io.daypass.cloud;

import io.daypass.ledger.RecordedGrant;
import io.daypass.ledger.RecordedGrants;
import io.daypass.policy.Role;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Attempts as a checkup has them, whose credentials are looked at before they are dropped. */
public final class DroppedAttempts implements Attempts {

  public final List<Credential> dropped = new ArrayList<>();
  public final List<Duration> lives = new ArrayList<>();
  private final Role role;
  private final InstantSource clock;

  public DroppedAttempts(Role role, InstantSource clock) {
    this.role = role;
    this.clock = clock;
  }

  @Override
  public Attempt make(Duration life, Mint mint) {
    lives.add(life);
    try {
      var credential = mint.by(pretended(life));
      dropped.add(credential);
      return new Attempt.Minted(credential.expiresAt());
    } catch (MintException e) {
      return new Attempt.Failed(e.reason(), e.said());
    }
  }

  private RecordedGrant pretended(Duration life) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var nobody = Grants.human("nobody", null);
    return RecordedGrants.of(UUID.randomUUID(), Grants.REQUEST, nobody, role, now, now.plus(life));
  }
}
