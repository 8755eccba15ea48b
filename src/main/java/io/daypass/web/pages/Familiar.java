package io.daypass.web.pages;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.daypass.identity.SessionToken;
import java.time.Duration;

/**
 * Sessions that were found here lately, by their digests. It says of nobody who they are, and lets
 * nobody in: only where it is asked whether the session still is.
 */
final class Familiar {

  private static final int SESSIONS = 100_000;

  private final Cache<String, Boolean> found =
      Caffeine.newBuilder().maximumSize(SESSIONS).expireAfterAccess(Duration.ofHours(1)).build();

  boolean has(SessionToken session) {
    return found.getIfPresent(session.sha256()) != null;
  }

  void remember(SessionToken session) {
    found.put(session.sha256(), true);
  }

  void forget(SessionToken session) {
    found.invalidate(session.sha256());
  }
}
