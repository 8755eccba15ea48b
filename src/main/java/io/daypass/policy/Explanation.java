package io.daypass.policy;

import java.util.List;

/** Why somebody would get a role, or why not. Proves nothing and can be minted by nobody. */
public record Explanation(Decision decision, List<RuleTrace> trace) {

  public Explanation {
    trace = List.copyOf(trace);
  }
}
