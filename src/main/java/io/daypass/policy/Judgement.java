package io.daypass.policy;

import io.daypass.identity.Identity;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Decision.Denied;
import io.daypass.policy.Decision.Granted;
import io.daypass.policy.Decision.NeedsApproval;
import io.daypass.policy.Denial.Code;
import io.daypass.policy.Rule.Outcome;
import io.daypass.policy.RuleTrace.ConditionTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One walk through the rules of a role: the first whose every condition holds decides. */
record Judgement(
    Policies policies, Identity identity, Wish wish, Circumstances circumstances, Mode mode) {

  /** What the judgement is for. */
  enum Mode {
    /** A wish that somebody makes now. */
    WISH,
    /** A wish that was granted earlier: what is too long by now is shortened, not refused. */
    EARLIER_WISH,
    /** What somebody could have, given that they say what the rule wants said. */
    OUTLOOK
  }

  private static final String ASK_THE_OWNERS =
      "see GET /v1/roles for the roles you may request, or ask the owners of the policies";

  Explanation of(String roleName) {
    var role = policies.role(roleName);
    // An unknown role and a forbidden one get the same answer: neither tells who asks what exists.
    if (role.isEmpty()) {
      return new Explanation(nothingMatched(roleName, List.of()), List.of());
    }
    var facts = new Facts(identity, roleName, wish, circumstances.sourceIp(), circumstances.now());
    var trace = new ArrayList<RuleTrace>();
    for (var rule : role.get().rules()) {
      var conditions = evaluate(rule, facts);
      var decides = allHold(conditions);
      trace.add(new RuleTrace(rule.name(), decides, conditions));
      if (decides) {
        return new Explanation(outcome(role.get(), rule, facts, trace), trace);
      }
    }
    return new Explanation(nothingMatched(roleName, trace), trace);
  }

  private static boolean allHold(List<ConditionTrace> conditions) {
    return conditions.stream().allMatch(c -> c.truth() instanceof Truth.Held);
  }

  private static List<ConditionTrace> evaluate(Rule rule, Facts facts) {
    var conditions = new ArrayList<ConditionTrace>();
    for (var named : rule.conditions()) {
      var truth = named.condition().holds(facts);
      conditions.add(new ConditionTrace(named.key(), named.condition().text(), truth));
      if (!(truth instanceof Truth.Held)) {
        break;
      }
    }
    return conditions;
  }

  private Decision outcome(Role role, Rule rule, Facts facts, List<RuleTrace> trace) {
    return switch (rule.outcome()) {
      case Outcome.Deny(var message) ->
          new Denied(
              new Denial(
                  Code.DENIED_BY_RULE,
                  message,
                  "wait, or ask as the message says",
                  rule.name(),
                  trace,
                  isLetIn(role, facts)));
      case Outcome.Allow allow -> allowed(role, rule, allow, trace);
    };
  }

  /** Whether they would be let in if nothing denied it, as it is with who is there in a freeze. */
  private static boolean isLetIn(Role role, Facts facts) {
    return role.rules().stream()
        .filter(rule -> rule.outcome() instanceof Outcome.Allow)
        .anyMatch(rule -> allHold(evaluate(rule, facts)));
  }

  private Decision allowed(Role role, Rule rule, Outcome.Allow allow, List<RuleTrace> trace) {
    var limit = shorter(role.maxDuration(), allow.maxDuration());
    if (mode != Mode.EARLIER_WISH && wish.duration().compareTo(limit) > 0) {
      return denied(
          Code.DURATION_TOO_LONG,
          "the rule gives at most " + Durations.show(limit),
          "ask for " + Durations.show(limit) + " or less",
          rule,
          trace);
    }
    var missing = mode == Mode.OUTLOOK ? null : missing(allow.asks(), rule, trace);
    if (missing != null) {
      return missing;
    }
    var allowance =
        new Allowance(identity, role, rule, shorter(limit, wish.duration()), policies.digest());
    return allow.isAutomatic()
        ? new Granted(allowance)
        : new NeedsApproval(allowance, allow.lines());
  }

  private @Nullable Decision missing(Rule.Asks asks, Rule rule, List<RuleTrace> trace) {
    if (asks.reason() && wish.reason().isBlank()) {
      return denied(
          Code.REASON_REQUIRED,
          "the rule wants a reason",
          "say what the access is for in \"reason\"",
          rule,
          trace);
    }
    var pattern = asks.ticket();
    if (pattern == null) {
      return null;
    }
    var ticket = wish.ticket();
    if (ticket == null) {
      return denied(
          Code.TICKET_REQUIRED,
          "the rule wants a ticket of the form " + pattern.pattern(),
          "name the ticket in \"ticket\"",
          rule,
          trace);
    }
    return pattern.matches(ticket)
        ? null
        : denied(
            Code.TICKET_MISMATCH,
            "the ticket is not of the form " + pattern.pattern(),
            "name a ticket of that form in \"ticket\"",
            rule,
            trace);
  }

  private static Duration shorter(Duration one, @Nullable Duration other) {
    return other == null || one.compareTo(other) < 0 ? one : other;
  }

  /** What a rule says to whom it would let in. */
  private static Denied denied(
      Code code, String detail, String next, Rule rule, List<RuleTrace> trace) {
    return new Denied(new Denial(code, detail, next, rule.name(), trace, true));
  }

  private static Denied nothingMatched(String role, List<RuleTrace> trace) {
    return new Denied(
        new Denial(
            Code.NO_RULE_MATCHED,
            "no rule lets you have the role " + role + " now",
            ASK_THE_OWNERS,
            null,
            trace,
            false));
  }
}
