package io.daypass.issuer;

import io.daypass.issuer.Assertions.Algorithm;
import io.daypass.issuer.Assertions.KeysUnavailableException;
import io.daypass.issuer.KeyStore.StoredKey;
import io.daypass.issuer.Keysmith.Signer;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys as one load found them, oldest use first; and those that it could not open. */
final class KeyRing {

  static final KeyRing EMPTY = new KeyRing(List.of(), List.of());

  private final List<Key> keys;
  private final List<StoredKey> unopened;

  KeyRing(Collection<Key> keys, Collection<StoredKey> unopened) {
    this.unopened = List.copyOf(unopened);
    this.keys =
        keys.stream()
            .sorted(
                Comparator.comparing((Key key) -> key.stored().useFrom())
                    .thenComparing(key -> key.stored().id()))
            .toList();
  }

  record Key(StoredKey stored, Signer signer) {}

  /**
   * The newest key that is due. Where none is due yet, the oldest: a replica whose clock is behind
   * must still be able to use the first key of all. But not where others sign with one that does
   * not open here: what is not due yet, nobody may know.
   */
  Signer signer(Algorithm algorithm, Instant now) {
    var chosen = chosen(algorithm, now);
    if (chosen == null) {
      throw new KeysUnavailableException();
    }
    return chosen.signer();
  }

  private @Nullable Key chosen(Algorithm algorithm, Instant now) {
    Key chosen = null;
    for (var key : keys) {
      if (key.stored().algorithm() == algorithm
          && (chosen == null || !key.stored().useFrom().isAfter(now))) {
        chosen = key;
      }
    }
    var premature = chosen != null && chosen.stored().useFrom().isAfter(now);
    return premature && hasDueUnopened(algorithm, now) ? null : chosen;
  }

  private boolean hasDueUnopened(Algorithm algorithm, Instant now) {
    return unopened.stream()
        .anyMatch(key -> key.algorithm() == algorithm && !key.useFrom().isAfter(now));
  }

  /** The signer of a key that is already open, if nothing about the key has changed since. */
  @Nullable Signer signerOf(StoredKey key) {
    for (var known : keys) {
      var stored = known.stored();
      if (stored.id().equals(key.id())
          && stored.algorithm() == key.algorithm()
          && stored.wrapped().equals(key.wrapped())
          && stored.publicJwk().equals(key.publicJwk())) {
        return known.signer();
      }
    }
    return null;
  }

  /** Whether there is a key to sign with at {@code now}, of every algorithm. */
  boolean complete(Instant now) {
    return Stream.of(Algorithm.values()).allMatch(algorithm -> chosen(algorithm, now) != null);
  }

  boolean hasSuccessor(Algorithm algorithm, Instant now) {
    return of(algorithm).anyMatch(key -> key.stored().useFrom().isAfter(now));
  }

  /** The JWK set (RFC 7517, section 5) at {@code now}. */
  String jwks(Instant now, Rotation rotation) {
    return keys.stream()
        .filter(key -> now.isBefore(retirement(key.stored(), rotation)))
        .map(key -> key.stored().publicJwk())
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  /**
   * Reckoned from the successor, not from the key's own row: so no replica can retire a key whose
   * successor it does not know.
   */
  private Instant retirement(StoredKey key, Rotation rotation) {
    return of(key.algorithm())
        .map(other -> other.stored().useFrom())
        .filter(useFrom -> useFrom.isAfter(key.useFrom()))
        .min(Comparator.naturalOrder())
        .map(rotation::retirement)
        .orElse(Instant.MAX);
  }

  private Stream<Key> of(Algorithm algorithm) {
    return keys.stream().filter(key -> key.stored().algorithm() == algorithm);
  }
}
