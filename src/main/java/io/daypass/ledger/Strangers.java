package io.daypass.ledger;

import io.daypass.identity.Caller;
import io.daypass.identity.CallerId;
import io.daypass.policy.Denial;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many refusals of machines that no rule knows are written down. Anybody has tokens of an
 * issuer that the whole world shares, under as many names as they like, and an entry stays for
 * good.
 */
@FunctionalInterface
public interface Strangers {

  /**
   * Asked before the refusal of a stranger is written down.
   *
   * @param role what they asked for; null if it was no role
   * @return how long to wait, if this one is one too many: then it is noted elsewhere, and not
   *     written down; empty if it is to be
   */
  Optional<Duration> oneTooMany(CallerId stranger, @Nullable String role);

  /** The same for whom the policies denied {@code role}; never for people and who is known. */
  default Optional<Duration> oneTooMany(Caller caller, @Nullable String role, Denial denial) {
    return caller.isHuman() || denial.known() ? Optional.empty() : oneTooMany(caller.id(), role);
  }
}
