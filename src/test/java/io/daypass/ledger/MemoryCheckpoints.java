package io.daypass.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Checkpoints of a ledger of texts, numbered from 1 on, both in memory. */
public final class MemoryCheckpoints implements CheckpointStore {

  public final List<String> entries = new ArrayList<>();
  public final List<Kept> kept = new ArrayList<>();
  private final InstantSource clock;

  public MemoryCheckpoints(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Optional<Kept> latest() {
    return kept.isEmpty() ? Optional.empty() : Optional.of(kept.getLast());
  }

  @Override
  public Growth growth(Duration pace, Duration renewal, int most) {
    var since = latest().orElse(null);
    var age = since == null ? Duration.ZERO : Duration.between(since.at(), clock.instant());
    if (since != null && age.compareTo(pace) < 0) {
      return new Growth(since, age, null);
    }
    var after = since == null ? 0 : Math.toIntExact(since.through());
    var through = Math.min(entries.size(), after + most);
    if (through == after && (since == null || age.compareTo(renewal) < 0)) {
      return new Growth(since, age, null);
    }
    var leaves = new StringBuilder();
    for (var entry : entries.subList(after, through)) {
      leaves.append(
          HexFormat.of().formatHex(MerkleTree.leaf(entry.getBytes(StandardCharsets.UTF_8))));
    }
    return new Growth(since, age, new More(through, leaves.toString(), through - after < most));
  }

  @Override
  public Optional<Kept> keep(Next next) {
    if (next.sequence() != kept.size() + 1) {
      return Optional.empty();
    }
    kept.add(
        new Kept(
            next.sequence(),
            next.through(),
            next.checkpoint(),
            next.edge(),
            next.signed(),
            clock.instant()));
    return latest();
  }
}
