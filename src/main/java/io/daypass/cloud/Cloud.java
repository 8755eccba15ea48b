package io.daypass.cloud;

import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.util.Optional;

/**
 * Mints in one cloud, for whoever has a turn there. A turn takes a {@link RecordedGrant}, so
 * nothing unrecorded can be minted.
 */
public interface Cloud {

  /** Whether this cloud mints for {@code target}. */
  boolean serves(Target target);

  /**
   * A turn to mint for {@code target}, once it has come; empty while too much waits or fails there.
   * Blocks on the calling (virtual) thread, no longer than a mint may take.
   */
  Optional<Turn> turn(Target target);

  /**
   * A credential for a grant that was recorded before there was a turn, as a checkup's is.
   *
   * @throws MintException also with {@link MintException.Reason#CLOUD_BUSY} where none came
   */
  default Credential mint(RecordedGrant grant) throws MintException {
    var turn = turn(grant.role().target());
    if (turn.isEmpty()) {
      throw new MintException(MintException.Reason.CLOUD_BUSY);
    }
    try (var mine = turn.get()) {
      return mine.mint(grant);
    }
  }

  /**
   * How many of its accounts, projects or tenants nothing is sent to at the moment, because too
   * many calls failed.
   */
  int heldBack();
}
