package io.daypass.request;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Remembers which request a reusable token opened, so that a machine that comes again and again
 * costs one read less. What is remembered may be out of date, and that is harmless: an intent names
 * the version it was judged on, and the database takes no other.
 */
public final class OpenedLately {

  private static final int MOST = 10_000;
  private static final Duration ABSENCE = Duration.ofMinutes(1);

  private final RequestStore store;
  private final Cache<Key, AccessRequest> lately;

  public OpenedLately(RequestStore store) {
    this(store, System::nanoTime);
  }

  OpenedLately(RequestStore store, LongSupplier nanos) {
    this.store = store;
    // Forgotten by who stays away, not by the clock: machines that began together would else all
    // read at once, again and again.
    this.lately =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterAccess(ABSENCE)
            .ticker(nanos::getAsLong)
            .build();
  }

  private record Key(String replayKey, String role) {}

  /** The latest request that the token with this replay key opened for {@code role}, or nearly. */
  public Optional<AccessRequest> lately(String replayKey, String role) {
    var known = lately.getIfPresent(new Key(replayKey, role));
    return known == null ? now(replayKey, role) : Optional.of(known);
  }

  /** The same, as the database has it now. */
  public Optional<AccessRequest> now(String replayKey, String role) {
    var key = new Key(replayKey, role);
    var found = store.openedBy(replayKey, role);
    found.ifPresentOrElse(request -> lately.put(key, request), () -> lately.invalidate(key));
    return found;
  }
}
