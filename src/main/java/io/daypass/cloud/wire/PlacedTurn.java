package io.daypass.cloud.wire;

import io.daypass.cloud.Credential;
import io.daypass.cloud.MintException;
import io.daypass.cloud.Turn;
import io.daypass.ledger.RecordedGrant;
import java.time.Duration;

/**
 * A turn that is a place at the gate which its mint passes first.
 *
 * @param minting mints, and goes by {@code place} first
 */
public record PlacedTurn(Gates.Place place, Minting minting) implements Turn {

  /** Mints for a grant by way of a place. */
  @FunctionalInterface
  public interface Minting {
    Credential mint(RecordedGrant grant, Gates.Place place) throws MintException;
  }

  @Override
  public Duration waited() {
    return place.waited();
  }

  @Override
  public Credential mint(RecordedGrant grant) throws MintException {
    return minting.mint(grant, place);
  }

  @Override
  public void close() {
    place.close();
  }
}
