package io.daypass.issuance;

import io.daypass.cloud.Attempts;
import io.daypass.cloud.Checkup;
import io.daypass.cloud.Credential;
import io.daypass.cloud.Finding;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.ledger.CheckupLedger;
import io.daypass.ledger.Ledger.Fingerprint;
import io.daypass.ledger.RecordedGrant;
import io.daypass.policy.Policies;
import io.daypass.policy.Role;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Tries roles as issuing does, record, mint, record, and then drops what was minted: no caller
 * comes here, and nothing leaves.
 */
public final class Checkups {

  private final CheckupLedger ledger;
  private final List<Checkup> clouds;
  private final Policies policies;
  private final InstantSource clock;

  /**
   * @param clock the database's
   */
  public Checkups(
      CheckupLedger ledger, List<Checkup> clouds, Policies policies, InstantSource clock) {
    this.ledger = ledger;
    this.clouds = List.copyOf(clouds);
    this.policies = policies;
    this.clock = clock;
  }

  /**
   * What there is to say of {@code role}.
   *
   * @throws io.daypass.request.StoreUnavailableException if the ledger cannot be written: then
   *     nothing more is minted
   */
  public List<Finding> of(Role role) {
    if (ledger.isStopped()) {
      return List.of(
          Finding.wrong(
              "stopped",
              "issuing is stopped, so nothing is tried",
              null,
              "an administrator resumes it: POST /v1/resume"));
    }
    for (var cloud : clouds) {
      if (cloud.serves(role.target())) {
        return cloud.of(role, (life, mint) -> attempt(role, life, mint));
      }
    }
    return List.of(
        Finding.wrong(
            "cloud_unknown",
            "this version does not mint for " + role.target().cloud(),
            null,
            "take the role out of the policies"));
  }

  private Attempts.Attempt attempt(Role role, Duration life, Attempts.Mint mint) {
    var grant = ledger.intend(role, policies.digest(), clock.instant(), life);
    Credential credential;
    try {
      credential = minted(grant, mint);
    } catch (MintException e) {
      ledger.failed(grant, e.reason().code(), e.mayExist());
      return new Attempts.Attempt.Failed(e.reason(), e.said());
    }
    ledger.minted(
        grant, new Fingerprint(credential.id(), credential.fingerprint(), credential.expiresAt()));
    return new Attempts.Attempt.Minted(credential.expiresAt());
  }

  private static Credential minted(RecordedGrant grant, Attempts.Mint mint) throws MintException {
    try {
      return mint.by(grant);
    } catch (RuntimeException e) {
      throw new MintException(Reason.CLOUD_FAILED, e);
    }
  }
}
