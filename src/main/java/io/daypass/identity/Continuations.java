package io.daypass.identity;

import java.time.Instant;
import java.util.Optional;

/**
 * Proves which waiting workload a poll token belongs to, as {@link TokenProof} proves where an
 * issuer's token comes from. Says nothing of whether the request is still alive.
 */
public interface Continuations {

  /** Who was handed the poll token with this SHA-256, and for what; empty if nobody was. */
  Optional<Continued> find(String sha256);

  /**
   * Somebody who waits.
   *
   * @param identity as the token that opened the request described them
   * @param request the id of the request
   * @param since when the request was made
   * @param until when the request lapses or its grant ends
   */
  record Continued(Identity identity, String request, String role, Instant since, Instant until) {}
}
