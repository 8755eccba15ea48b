package io.daypass.identity.oidc;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The times within which an issuer's keys are fetched and held.
 *
 * @param deadline for one fetch, discovery and keys together, however slowly bytes drip in
 * @param spacing between the starts of two fetches, whatever tokens come in meanwhile; one kid
 *     alone asks again after six of them
 * @param refreshEvery a key that its issuer withdraws is refused this much later, plus a fetch
 * @param maxStale how long the last good keys serve while the issuer does not answer
 */
record Limits(Duration deadline, Duration spacing, Duration refreshEvery, Duration maxStale) {

  static final Limits STANDARD =
      new Limits(
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofHours(24));

  /** A clock that was set back counts as elapsed: nothing waits for it to catch up. */
  static boolean elapsed(@Nullable Instant since, Duration pause, Instant now) {
    return since == null
        || now.isBefore(since)
        || Duration.between(since, now).compareTo(pause) >= 0;
  }
}
