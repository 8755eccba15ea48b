package io.daypass.cloud;

import io.daypass.ledger.RecordedGrant;
import java.time.Duration;

/**
 * One mint's place among the calls to one account of a cloud. It is taken, and waited for, before
 * anything is recorded, so that whoever is turned away there has spent nothing and may come again.
 */
public interface Turn extends AutoCloseable {

  /** How long it was waited for; what was judged before may be otherwise by now. */
  Duration waited();

  /**
   * A credential that dies no later than {@code grant.endsAt()}; one for each turn. Blocks on the
   * calling (virtual) thread, no longer than the cloud's own deadline.
   *
   * @throws MintException if the cloud refused, failed or answered something else than was asked
   */
  Credential mint(RecordedGrant grant) throws MintException;

  /** Gives the place back, unless the mint has. */
  @Override
  void close();

  /** What a turn is good for. */
  @FunctionalInterface
  interface Minting {
    Credential mint(RecordedGrant grant) throws MintException;
  }

  /** A turn at what is not called over a network, so that nobody waits for it. */
  static Turn atOnce(Minting minting) {
    return new AtOnce(minting);
  }

  /** See {@link #atOnce}. */
  record AtOnce(Minting minting) implements Turn {

    @Override
    public Duration waited() {
      return Duration.ZERO;
    }

    @Override
    public Credential mint(RecordedGrant grant) throws MintException {
      return minting.mint(grant);
    }

    @Override
    public void close() {}
  }
}
