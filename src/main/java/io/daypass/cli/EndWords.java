package io.daypass.cli;

import io.daypass.cli.screen.Times;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is said of the end of a role's credentials: what still opens something after it has not
 * ended.
 *
 * @param last until when the last of them works that was handed out; null if none outlives its
 *     grant
 */
record EndWords(String role, Supplier<@Nullable Instant> last) {

  /** Before {@code end}. */
  String ends(Times times, Instant end) {
    var until = last.get();
    if (until == null) {
      return "access to " + role + " ends at " + times.until(end);
    }
    return "no more tokens for "
        + role
        + " after "
        + times.until(end)
        + (until.isAfter(end)
            ? "; the one in hand works until " + times.at(until)
            : "; the last one works on until its own end");
  }

  /** After the end. */
  String ended(Times times) {
    var until = last.get();
    return until == null || !until.isAfter(times.now())
        ? "access to " + role + " has ended"
        : "no more tokens for " + role + "; the last one works until " + times.at(until);
  }
}
