package io.daypass.policy.yaml;

import io.daypass.document.Documents;
import io.daypass.document.Documents.Parsed.Broken;
import io.daypass.document.Documents.Parsed.Read;
import io.daypass.document.MappingReader;
import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.identity.Identity;
import io.daypass.policy.ApprovalLine;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Decision.Denied;
import io.daypass.policy.Decision.Granted;
import io.daypass.policy.Decision.NeedsApproval;
import io.daypass.policy.Durations;
import io.daypass.policy.Explanation;
import io.daypass.policy.Rule;
import io.daypass.policy.RuleTrace.ConditionTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts into words what the policies answer, and why. */
public final class Explaining {

  private Explaining() {}

  /** Whether a condition on networks can be asked of it. */
  public static boolean isAddress(String text) {
    return FromNetworks.Address.parse(text).isPresent();
  }

  /** A caller as a file describes them, in YAML or JSON; empty, with the problems noted, if not. */
  public static Optional<Identity> caller(Path file, List<Problem> problems) {
    try {
      return switch (Documents.parse(file.toString(), Files.readAllBytes(file))) {
        case Broken(var broken) -> {
          problems.addAll(broken);
          yield Optional.empty();
        }
        case Read(var root) ->
            MappingReader.of(root, problems)
                .flatMap(reader -> CallerReader.read(reader, "", problems));
      };
    } catch (IOException e) {
      problems.add(new Problem(new Place(file.toString(), 1, 1), "file_refused", "cannot be read"));
      return Optional.empty();
    }
  }

  /** Lines for people: the answer, then every rule that was looked at. */
  public static List<String> lines(String role, Explanation explanation) {
    var lines = new ArrayList<String>();
    lines.add(role + ": " + answer(explanation));
    for (var rule : explanation.trace()) {
      lines.add("  " + (rule.decided() ? "decides  " : "not met  ") + rule.rule());
      for (var condition : rule.conditions()) {
        lines.add("    " + line(condition));
      }
    }
    return lines;
  }

  private static String answer(Explanation explanation) {
    return switch (explanation.decision()) {
      case Granted(var allowance) ->
          "granted at once, for " + Durations.show(allowance.duration()) + with(allowance.rule());
      case NeedsApproval(var allowance, var lines) ->
          "granted for "
              + Durations.show(allowance.duration())
              + " once approved by "
              + lines.stream().map(Explaining::line).collect(Collectors.joining(" and "))
              + with(allowance.rule());
      case Denied(var denial) -> "denied (" + denial.code().code() + "): " + denial.detail();
    };
  }

  /** What a request under the rule must say. */
  private static String with(Rule rule) {
    if (!(rule.outcome() instanceof Rule.Outcome.Allow allow)) {
      return "";
    }
    var wanted = new ArrayList<String>();
    if (allow.asks().reason()) {
      wanted.add("a reason");
    }
    var ticket = allow.asks().ticket();
    if (ticket != null) {
      wanted.add("a ticket of the form " + ticket.pattern());
    }
    return wanted.isEmpty() ? "" : ", with " + String.join(" and ", wanted);
  }

  private static String line(ApprovalLine line) {
    return line.count() + " of whom " + line.from().text();
  }

  private static String line(ConditionTrace condition) {
    var text = condition.key() + ": " + condition.text();
    return switch (condition.truth()) {
      case Truth.Held _ -> "yes  " + text;
      case Truth.NotHeld _ -> "no   " + text;
      case Truth.Failed(var why) -> "no   " + text + " (" + why + ")";
    };
  }
}
