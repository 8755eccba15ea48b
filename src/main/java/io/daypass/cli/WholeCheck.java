package io.daypass.cli;

import io.daypass.ledger.MerkleTree;
import io.daypass.web.api.Wire.Checkpoint;
import io.daypass.web.api.Wire.LedgerEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether entries that come one after the other, from the first on, are those that a checkpoint is
 * over: all of them, as they were, and none put between. Older checkpoints tell whether what was
 * there then is there still.
 */
final class WholeCheck {

  private final Checkpoint checkpoint;
  private final List<Checkpoint> older;
  private final MerkleTree tree = new MerkleTree();
  private final Set<Checkpoint> met = new HashSet<>();
  private long last;

  /** A check that has seen nothing yet. */
  WholeCheck(Checkpoint checkpoint, List<Checkpoint> older) {
    this.checkpoint = checkpoint;
    this.older = List.copyOf(older);
    compare();
  }

  void entry(LedgerEntry entry) {
    last = Math.max(last, entry.number());
    if (entry.number() <= checkpoint.through()) {
      tree.add(MerkleTree.leaf(entry.canonical().getBytes(StandardCharsets.UTF_8)));
      compare();
    }
  }

  private void compare() {
    for (var kept : older) {
      if (tree.size() == kept.size() && tree.root().equals(kept.root())) {
        met.add(kept);
      }
    }
  }

  /**
   * Whether some of what the checkpoint is over would come after the last entry. Then nothing is
   * known of those that came: whether they are all there were, and as they were.
   */
  boolean endsBefore() {
    return last < checkpoint.through() && tree.size() < checkpoint.size();
  }

  /** What is wrong, once the last entry has come. */
  List<String> findings() {
    var findings = new ArrayList<String>();
    for (var kept : older) {
      if (checkpoint.size() < kept.size()) {
        findings.add(
            "the ledger is behind what was there at %s: %d entries then, %d now"
                .formatted(kept.at(), kept.size(), checkpoint.size()));
      } else if (!met.contains(kept)) {
        findings.add(
            "the first %d entries are not those that were there at %s"
                .formatted(kept.size(), kept.at()));
      }
    }
    if (tree.size() != checkpoint.size()) {
      findings.add(
          "up to number %d there are %d entries; the checkpoint of %s is over %d"
              .formatted(checkpoint.through(), tree.size(), checkpoint.at(), checkpoint.size()));
    } else if (!tree.root().equals(checkpoint.root())) {
      findings.add(
          "the first %d entries are not those that the checkpoint of %s is over"
              .formatted(checkpoint.size(), checkpoint.at()));
    }
    return findings;
  }
}
