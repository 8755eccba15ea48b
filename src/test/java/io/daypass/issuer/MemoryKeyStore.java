package io.daypass.issuer;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A key store that several replicas of a test share, and that can be out of reach. */
public final class MemoryKeyStore implements KeyStore {

  private final List<StoredKey> keys = new ArrayList<>();
  private boolean down;

  @Override
  public synchronized List<StoredKey> load() {
    if (down) {
      throw new IllegalStateException("the database cannot be reached");
    }
    return List.copyOf(keys);
  }

  @Override
  public synchronized void add(StoredKey key) {
    if (down) {
      throw new IllegalStateException("the database cannot be reached");
    }
    var minute = key.useFrom().truncatedTo(ChronoUnit.MINUTES);
    if (keys.stream()
        .noneMatch(other ->
            other.algorithm() == key.algorithm()
                && other.useFrom().truncatedTo(ChronoUnit.MINUTES).equals(minute))) {
      keys.add(key);
    }
  }

  @Override
  public synchronized boolean rewrap(List<Rewrapped> changes) {
    for (var change : changes) {
      if (keys.stream()
          .noneMatch(key -> key.id().equals(change.id()) && key.wrapped().equals(change.was()))) {
        return false;
      }
    }
    for (var change : changes) {
      keys.replaceAll(key -> key.id().equals(change.id()) ? wrapped(key, change.wrapped()) : key);
    }
    return true;
  }

  static StoredKey wrapped(StoredKey key, String wrapped) {
    return new StoredKey(
        key.id(), key.algorithm(), wrapped, key.publicJwk(), key.publishedAt(), key.useFrom());
  }

  /** Puts {@code key} there as an intruder in the database would. */
  public synchronized void plant(StoredKey key) {
    keys.removeIf(other -> other.id().equals(key.id()));
    keys.add(key);
  }

  public synchronized void down(boolean isDown) {
    down = isDown;
  }
}
