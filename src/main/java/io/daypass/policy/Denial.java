package io.daypass.policy;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why the policies said no, and what to do next.
 *
 * @param rule the rule that decided; null where none did
 * @param trace every rule that was looked at, for the explanation
 * @param known whether some rule is there to let them have the role, whatever denies it to them:
 *     who is not known is anybody
 */
public record Denial(
    Code code,
    String detail,
    String next,
    @Nullable String rule,
    List<RuleTrace> trace,
    boolean known) {

  public Denial {
    trace = List.copyOf(trace);
  }

  /** Stable; shown in lower case. */
  public enum Code {
    /** No rule's conditions all hold, or there is no such role: the same answer for both. */
    NO_RULE_MATCHED,
    DENIED_BY_RULE,
    DURATION_TOO_LONG,
    REASON_REQUIRED,
    TICKET_REQUIRED,
    TICKET_MISMATCH;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
