package io.daypass.cloud;

import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Target;
import java.util.Optional;

/**
 * Mints in one cloud. Takes a {@link RecordedGrant}, so nothing unrecorded can be minted. Blocks on
 * the calling (virtual) thread, no longer than its own deadline.
 */
public interface Cloud {

  /** Whether this cloud mints for {@code target}. */
  boolean serves(Target target);

  /**
   * A place for a mint for {@code target}; empty while too much waits or fails there. A cloud that
   * is not called over a network always has one.
   */
  Optional<Turn> turn(Target target);

  /**
   * A credential that dies no later than {@code grant.endsAt()}.
   *
   * @throws MintException if the cloud refused, failed or answered something else than was asked
   */
  Credential mint(RecordedGrant grant) throws MintException;

  /**
   * How many of its accounts, projects or tenants nothing is sent to at the moment, because too
   * many calls failed.
   */
  int heldBack();
}
