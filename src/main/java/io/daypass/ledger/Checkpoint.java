package io.daypass.ledger;

import java.util.Base64;
import java.util.Optional;

/**
 * That the ledger began with just these entries: whoever kept one can tell later whether any of
 * them was changed, removed, or had another put between. Its text is that of a transparency log's
 * checkpoint (C2SP, tlog-checkpoint).
 *
 * @param origin which ledger: the broker's public URL without its scheme, and {@code /ledger}
 * @param size of how many entries, from the first on
 * @param root of the Merkle tree over their bytes, base64
 */
public record Checkpoint(String origin, long size, String root) {

  /** What a signature over one says that it is over. */
  public static final String TYPE = "daypass-checkpoint";

  private static final int HASH_BYTES = 32;

  public Checkpoint {
    if (origin.isBlank() || !origin.equals(origin.strip()) || origin.contains("\n") || size < 0) {
      throw new IllegalArgumentException(
          "a checkpoint is of a named ledger, and of no less than 0");
    }
  }

  /** Three lines, each with its end. */
  public String text() {
    return origin + "\n" + size + "\n" + root + "\n";
  }

  /** What {@link #text} has made; empty for anything else. */
  public static Optional<Checkpoint> parse(String text) {
    var lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[1].matches("0|[1-9][0-9]{0,17}")) {
      return Optional.empty();
    }
    try {
      var root = Base64.getDecoder().decode(lines[2]);
      if (root.length != HASH_BYTES || !Base64.getEncoder().encodeToString(root).equals(lines[2])) {
        return Optional.empty();
      }
      var read = new Checkpoint(lines[0], Long.parseLong(lines[1]), lines[2]);
      return Optional.of(read).filter(checkpoint -> checkpoint.text().equals(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
