package io.daypass.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the ledger's checkpoints are kept, each after the one before it. */
public interface CheckpointStore {

  /** The newest one. */
  Optional<Kept> latest();

  /**
   * The newest checkpoint, and what came after it if that is due: {@code pace} after it where there
   * are more entries, {@code renewal} after it in any case. An entry that comes here is there for
   * good, and none with a smaller number will come after it.
   *
   * @param most how many entries at the most
   */
  Growth growth(Duration pace, Duration renewal, int most);

  /**
   * Keeps {@code next} after the one before it in its sequence, and says by the database's clock
   * when.
   *
   * @return empty if somebody else was first
   */
  Optional<Kept> keep(Next next);

  /** A checkpoint to be kept; its parts are those of {@link Kept}. */
  record Next(long sequence, long through, Checkpoint checkpoint, String edge, String signed) {}

  /**
   * A checkpoint as it is kept.
   *
   * @param sequence 1 for the first, then one more each
   * @param through the number of the last entry it is over; all up to there are in it
   * @param edge of the tree, to go on from ({@link MerkleTree#edge})
   * @param signed the checkpoint's text as a compact JWS
   * @param at the database's clock when it was kept
   */
  record Kept(
      long sequence, long through, Checkpoint checkpoint, String edge, String signed, Instant at) {}

  /**
   * How the ledger has grown.
   *
   * @param since the newest checkpoint; null if there is none yet
   * @param age how long ago that was kept, or zero
   * @param more what is to come into the next one; null if none is due
   */
  record Growth(@Nullable Kept since, Duration age, @Nullable More more) {}

  /**
   * Entries after a checkpoint.
   *
   * @param through no entry up to this number is missing among them
   * @param leaves their hashes as leaves, hex, one after the other
   * @param isAll whether there are no more
   */
  record More(long through, String leaves, boolean isAll) {}
}
