package io.daypass.policy.yaml;

import io.daypass.document.MappingReader;
import io.daypass.document.Node.Scalar;
import io.daypass.document.Node.Sequence;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Condition;
import io.daypass.policy.Facts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code approval}: the word {@code automatic}, or lines that must all be met. */
record ApprovalReader(Cel cel, RuleIssuer issuer, Findings findings) {

  private static final long MOST_PEOPLE = 20;

  /** A person of the right issuer of whom the condition holds. */
  record Approver(Issuers people, CelCondition condition) implements Condition {
    @Override
    public Truth holds(Facts facts) {
      return people.holds(facts) instanceof Truth.Held
          ? condition.holds(facts)
          : new Truth.NotHeld();
    }

    @Override
    public String text() {
      return condition.text();
    }
  }

  /** The lines, none for automatic; empty, with the problems noted, if it is not right. */
  Optional<List<ApprovalLine>> read(MappingReader rule) {
    if (!rule.require("approval")) {
      return Optional.empty();
    }
    var node = rule.node("approval");
    if (node.isPresent() && node.get() instanceof Scalar(var text, _, var place)) {
      if (!text.equals("automatic")) {
        findings.error(place, "bad_value", "\"approval\" is \"automatic\", or a list of lines");
      }
      return Optional.of(List.of());
    }
    var lines = new ArrayList<ApprovalLine>();
    for (var line : rule.mappings("approval")) {
      line(line).ifPresent(lines::add);
    }
    if (lines.isEmpty()) {
      // An empty list is not a way to say automatic; of items that are no lines each has been told.
      if (!(node.orElse(null) instanceof Sequence(var items, _)) || items.isEmpty()) {
        rule.problem("approval", "bad_value", "\"approval\" is \"automatic\", or a list of lines");
      }
      return Optional.empty();
    }
    check(lines, rule);
    return Optional.of(lines);
  }

  private Optional<ApprovalLine> line(MappingReader line) {
    var count = line.integer("count", 1, MOST_PEOPLE).orElse(1L);
    var from = line.requiredText("from");
    var condition = from.flatMap(text -> cel.compile(text, line.placeOfValue("from"), findings));
    var people = issuer.people(line, condition.stream().anyMatch(c -> c.reads("issuer")));
    line.finish();
    condition.ifPresent(c -> check(c, line));
    return condition.map(c -> new ApprovalLine(new Approver(people, c), count.intValue()));
  }

  private void check(CelCondition from, MappingReader line) {
    var place = line.placeOfValue("from");
    if (from.reads("source.ip")) {
      var message = "an approver is judged by who they are, not by where the request came from";
      findings.error(place, "not_for_approvers", message);
    }
    if (from.isNeverTrue()) {
      findings.error(place, "approval_impossible", "nobody can approve this");
    }
    if (from.isAlwaysTrue()) {
      findings.warning(place, "anyone_approves", "any person but the requester can approve this");
    }
  }

  /** Lines that spell out their people must leave enough of them, also without the requester. */
  private void check(List<ApprovalLine> lines, MappingReader rule) {
    var people = new HashSet<String>();
    var needed = 0;
    var naming = 0;
    for (var line : lines) {
      var named =
          line.from() instanceof Approver approver ? approver.condition().people() : noOne();
      if (named.isPresent()) {
        people.addAll(named.get());
        needed += line.count();
        naming++;
        check(line.count(), named.get().size(), rule);
      }
    }
    if (naming > 1) {
      check(needed, people.size(), rule);
    }
  }

  private static Optional<Set<String>> noOne() {
    return Optional.empty();
  }

  private void check(int needed, int possible, MappingReader rule) {
    if (needed > possible) {
      var message =
          "it takes " + needed + " different people, and only " + possible + " may approve";
      rule.problem("approval", "approval_impossible", message);
    } else if (needed > 0 && needed == possible) {
      var message = "if one of the named people asks, nobody is left who may approve";
      findings.warning(rule.placeOf("approval"), "approvers_may_be_nobody", message);
    }
  }
}
