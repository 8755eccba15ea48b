package io.daypass.issuance;

import io.daypass.policy.Target;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What a door can do with a credential.
 *
 * @param takes whether it can hand out a credential of such a target; asked before anything is
 *     recorded
 * @param wanted whether somebody still waits for the answer; asked when the turn has come, so that
 *     nothing is recorded for nobody, and after the mint, before the seal: what comes too late is
 *     written down as such and dropped
 */
public record Terms(Predicate<Target> takes, BooleanSupplier wanted) {

  /** Hands out anything, and waits for as long as it takes. */
  public static Terms any() {
    return new Terms(_ -> true, () -> true);
  }
}
