package io.daypass.policy;

import java.util.List;

/** How one rule fared: each of its conditions up to the first that was not met. */
public record RuleTrace(String rule, boolean decided, List<ConditionTrace> conditions) {

  public RuleTrace {
    conditions = List.copyOf(conditions);
  }

  /** How one condition fared. */
  public record ConditionTrace(String key, String text, Condition.Truth truth) {}
}
