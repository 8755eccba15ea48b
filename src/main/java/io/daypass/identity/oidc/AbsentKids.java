package io.daypass.identity.oidc;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Kids that an issuer was asked for in vain, so that the same token does not ask again and again.
 * Bounded by count; not for several threads at once.
 */
final class AbsentKids {

  static final int MOST = 1024;

  private final Duration remembered;
  private final Map<String, Instant> since = new LinkedHashMap<>();

  AbsentKids(Duration remembered) {
    this.remembered = remembered;
  }

  boolean has(String kid, Instant now) {
    var at = since.get(kid);
    return at != null && !Limits.elapsed(at, remembered, now);
  }

  /** Forgets the kid that was added longest ago where there are too many. */
  void add(String kid, Instant now) {
    since.remove(kid);
    since.put(kid, now);
    if (since.size() > MOST) {
      since.remove(since.keySet().iterator().next());
    }
  }
}
