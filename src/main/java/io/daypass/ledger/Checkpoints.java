package io.daypass.ledger;

import io.daypass.ledger.CheckpointStore.Growth;
import io.daypass.ledger.CheckpointStore.Kept;
import io.daypass.ledger.CheckpointStore.More;
import io.daypass.ledger.CheckpointStore.Next;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes after the ledger as it grows, and makes checkpoints of it. Every replica does; whoever comes
 * first has made the next one, and all go on from there.
 *
 * <p>Issuing does not wait for it: what is written is in the ledger at once, and provably there
 * from its checkpoint on.
 */
public final class Checkpoints {

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  /**
   * Between two checkpoints of a ledger that grows: often, so that what is read at once under load
   * holds up nobody who issues at the same time.
   */
  public static final Duration PACE = Duration.ofSeconds(2);

  /**
   * Between two checkpoints of one that does not. The key of the newest is thereby always in the
   * JWKS: an old key stays for longer.
   */
  public static final Duration RENEWAL = Duration.ofMinutes(10);

  private static final int MOST = 20_000;

  private final CheckpointStore store;
  private final String origin;
  private final Notary notary;
  private @Nullable Kept seen;
  private volatile Duration age = Duration.ZERO;

  /** Signs a checkpoint's text; answers a compact JWS. */
  @FunctionalInterface
  public interface Notary {
    String sign(String checkpoint);
  }

  public Checkpoints(CheckpointStore store, String origin, Notary notary) {
    this.store = store;
    this.origin = origin;
    this.notary = notary;
  }

  /** How old the newest checkpoint was when it was last looked for. */
  public Duration age() {
    return age;
  }

  /** Makes what is due. One call at a time. */
  public void run() {
    var pace = PACE;
    while (isToGoOn(store.growth(pace, RENEWAL, MOST))) {
      pace = Duration.ZERO;
    }
  }

  /** Whether there is still more; a long ledger's first checkpoint is made in pieces. */
  private boolean isToGoOn(Growth growth) {
    age = growth.age();
    var since = growth.since();
    if (isBehind(since)) {
      // Two ledgers under one name: to sign the second would hide that there was a first.
      LOG.atError()
          .addKeyValue("size", since == null ? 0 : since.checkpoint().size())
          .addKeyValue("seen", seen == null ? 0 : seen.checkpoint().size())
          .log("ledger.behind");
      return false;
    }
    seen = since;
    var more = growth.more();
    return more != null && isKept(since, more) && !more.isAll();
  }

  private boolean isBehind(@Nullable Kept since) {
    if (seen == null) {
      return false;
    }
    return since == null
        || since.sequence() < seen.sequence()
        || since.checkpoint().size() < seen.checkpoint().size()
        || (since.sequence() == seen.sequence() && !since.equals(seen));
  }

  private boolean isKept(@Nullable Kept since, More more) {
    var tree =
        since == null
            ? new MerkleTree()
            : MerkleTree.resume(since.checkpoint().size(), since.edge());
    tree.addAll(more.leaves());
    var checkpoint = new Checkpoint(origin, tree.size(), tree.root());
    var signed = notary.sign(checkpoint.text());
    var sequence = since == null ? 1 : since.sequence() + 1;
    var kept =
        store
            .keep(new Next(sequence, more.through(), checkpoint, tree.edge(), signed))
            .orElse(null);
    if (kept == null) {
      return false;
    }
    seen = kept;
    age = Duration.ZERO;
    // The log goes where nobody who can change the ledger can change it too.
    LOG.atInfo()
        .addKeyValue("size", checkpoint.size())
        .addKeyValue("root", checkpoint.root())
        .addKeyValue("signed", signed)
        .log("ledger.checkpoint");
    return true;
  }
}
