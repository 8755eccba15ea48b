package io.daypass.policy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may request a role, under which conditions, with which approval.
 *
 * @param conditions all must hold for the rule to decide; each is named as its key in the file
 * @param sourceFile where it stands
 */
public record Rule(
    String name, List<NamedCondition> conditions, Outcome outcome, String sourceFile, int line) {

  public Rule {
    conditions = List.copyOf(conditions);
  }

  /**
   * A condition under the key it has in the file: {@code issuer}, {@code who}, {@code workload},
   * {@code during}, {@code between} or {@code from-networks}.
   */
  public record NamedCondition(String key, Condition condition) {}

  /** What a rule whose every condition holds decides. */
  public sealed interface Outcome {

    /** No, with what the policies' author wants said. */
    record Deny(String message) implements Outcome {}

    /**
     * Yes, within limits.
     *
     * @param lines empty means automatic; else every line must be met by different people
     * @param maxDuration null where only the role's limit holds
     */
    record Allow(List<ApprovalLine> lines, @Nullable Duration maxDuration, Asks asks)
        implements Outcome {
      public Allow {
        lines = List.copyOf(lines);
      }

      public boolean isAutomatic() {
        return lines.isEmpty();
      }
    }
  }

  /**
   * What a rule wants said with a request.
   *
   * @param ticket what the ticket must match, whole; null where none is asked for
   */
  public record Asks(boolean reason, @Nullable TicketPattern ticket) {}
}
