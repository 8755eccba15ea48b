package io.daypass.identity.oidc;

import java.util.List;
import java.util.Map;

/** What asking an issuer for its keys came to. Reasons are fixed texts, fit for a log. */
sealed interface Fetched {

  /**
   * All the keys that it has now, in place of those it had.
   *
   * @param skipped why entries were left out
   */
  record Keys(Map<String, VerifyingKey> byKid, List<String> skipped) implements Fetched {}

  /** It answered with what no issuer should: somebody has to look. */
  record Refused(String reason) implements Fetched {}

  /** It did not answer, or not in time. */
  record Unreachable(String reason) implements Fetched {}
}
