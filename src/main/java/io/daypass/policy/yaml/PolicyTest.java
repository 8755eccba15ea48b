package io.daypass.policy.yaml;

import io.daypass.document.Place;
import io.daypass.identity.Identity;
import io.daypass.policy.Circumstances;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Decision.Denied;
import io.daypass.policy.Decision.Granted;
import io.daypass.policy.Decision.NeedsApproval;
import io.daypass.policy.Denial.Code;
import io.daypass.policy.Durations;
import io.daypass.policy.Explanation;
import io.daypass.policy.Facts;
import io.daypass.policy.Policies;
import io.daypass.policy.RuleTrace;
import io.daypass.policy.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What somebody expects of the policies for one caller, request, time and network. */
record PolicyTest(
    String name,
    Place place,
    Identity caller,
    String role,
    Wish wish,
    Circumstances circumstances,
    Expected expected) {

  /** What the policies may answer. */
  enum Answer {
    GRANTED,
    NEEDS_APPROVAL,
    DENIED
  }

  /**
   * What is expected; what is empty does not matter.
   *
   * @param enough people who together are enough to approve
   * @param notEnough people who together are not
   */
  record Expected(
      Answer answer,
      Optional<String> rule,
      Optional<Code> code,
      Optional<Duration> duration,
      List<Identity> enough,
      List<Identity> notEnough) {
    Expected {
      enough = List.copyOf(enough);
      notEnough = List.copyOf(notEnough);
    }
  }

  /** In what the policies fall short of the expectation; nothing if they do not. */
  List<String> run(Policies policies) {
    var found = policies.explain(caller, role, wish, circumstances);
    var complaints = new ArrayList<String>();
    var answer = answer(found);
    if (answer != expected.answer()) {
      complaints.add(
          "expected " + shown(expected.answer()) + ", got " + shown(answer) + why(found));
      return complaints;
    }
    compare("rule", expected.rule(), rule(found), complaints);
    compare("code", expected.code().map(Code::code), code(found), complaints);
    compare(
        "duration",
        expected.duration().map(Durations::show),
        duration(found).map(Durations::show),
        complaints);
    people(found, complaints);
    return complaints;
  }

  private void people(Explanation found, List<String> complaints) {
    if (!(found.decision() instanceof NeedsApproval(_, var lines))) {
      return;
    }
    var facts = new Facts(caller, role, wish, circumstances.sourceIp(), circumstances.now());
    if (!expected.enough().isEmpty()
        && !new ApproversSuffice(lines, facts, expected.enough()).holds()) {
      complaints.add("the people of approved-by are not enough");
    }
    if (!expected.notEnough().isEmpty()
        && new ApproversSuffice(lines, facts, expected.notEnough()).holds()) {
      complaints.add("the people of not-approved-by are enough");
    }
  }

  private static void compare(
      String what, Optional<String> expected, Optional<String> found, List<String> complaints) {
    if (expected.isPresent() && !expected.equals(found)) {
      var got = found.map(f -> "\"" + f + "\"").orElse("none");
      complaints.add("expected the " + what + " \"" + expected.get() + "\", got " + got);
    }
  }

  private static Answer answer(Explanation found) {
    return switch (found.decision()) {
      case Granted _ -> Answer.GRANTED;
      case NeedsApproval _ -> Answer.NEEDS_APPROVAL;
      case Denied _ -> Answer.DENIED;
    };
  }

  private static Optional<String> rule(Explanation found) {
    return found.trace().stream().filter(RuleTrace::decided).map(RuleTrace::rule).findFirst();
  }

  private static Optional<String> code(Explanation found) {
    return found.decision() instanceof Denied(var denial)
        ? Optional.of(denial.code().code())
        : Optional.empty();
  }

  private static Optional<Duration> duration(Explanation found) {
    return switch (found.decision()) {
      case Granted(var allowance) -> Optional.of(allowance.duration());
      case NeedsApproval(var allowance, _) -> Optional.of(allowance.duration());
      case Denied _ -> Optional.empty();
    };
  }

  private static String shown(Answer answer) {
    return switch (answer) {
      case GRANTED -> "granted";
      case NEEDS_APPROVAL -> "needs-approval";
      case DENIED -> "denied";
    };
  }

  /** The rule that decided, or for each rule the condition that was not met. */
  private static String why(Explanation found) {
    var decided = rule(found);
    if (decided.isPresent()) {
      return " by \"" + decided.get() + "\"" + code(found).map(c -> " (" + c + ")").orElse("");
    }
    var reasons = new ArrayList<String>();
    for (var rule : found.trace()) {
      for (var condition : rule.conditions()) {
        if (!(condition.truth() instanceof Truth.Held)) {
          reasons.add("\"" + rule.rule() + "\" for its " + condition.key());
        }
      }
    }
    return reasons.isEmpty() ? "" : ": not " + String.join(", not ", reasons);
  }
}
