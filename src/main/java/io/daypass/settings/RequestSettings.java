package io.daypass.settings;

import java.time.Duration;
import java.util.List;

/**
 * How requests are decided.
 *
 * @param lapseAfter how long a request may wait for a decision
 * @param openPerPerson how many requests one person may have waiting
 * @param openPerWorkload how many all runs of one subject may have waiting
 * @param signInMaxAge how long ago an approver's sign-in may be
 * @param signInStrength {@code acr} or {@code amr} values of which it must have one; empty for any
 */
public record RequestSettings(
    Duration lapseAfter,
    int openPerPerson,
    int openPerWorkload,
    Duration signInMaxAge,
    List<String> signInStrength) {

  public RequestSettings {
    signInStrength = List.copyOf(signInStrength);
  }
}
