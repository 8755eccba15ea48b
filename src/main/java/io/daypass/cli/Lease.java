package io.daypass.cli;

import io.daypass.cli.credential.Keys;
import io.daypass.cli.credential.Life;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Keys in hand, and the grant they came under.
 *
 * @param request the request they came under; empty if the broker did not say
 * @param outlivesUntil when they die by themselves, if they work on after their grant; else null
 */
record Lease(Keys keys, String request, Life life, @Nullable Instant outlivesUntil) {

  Instant expires() {
    return life.expires();
  }

  /** When the grant ends, as far as known. */
  Instant ends() {
    var ends = life.grantEnds();
    return ends == null ? life.expires() : ends;
  }
}
