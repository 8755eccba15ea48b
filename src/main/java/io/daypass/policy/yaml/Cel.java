package io.daypass.policy.yaml;

import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import io.daypass.document.Place;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compiles conditions (Common Expression Language). What an expression may cost is bounded when it
 * is compiled (length, depth, size of its patterns) and when it runs (iterations); texts come from
 * a token, which is small. Patterns are RE2, matched whole, and never made from a caller's data.
 */
final class Cel {

  private static final int LONGEST = 2000;
  private static final int DEEPEST = 32;
  private static final int MOST_ITERATIONS = 10_000;
  private static final int LARGEST_PATTERN = 2000;

  private final dev.cel.bundle.Cel cel =
      CelFactory.plannerCelBuilder()
          .setOptions(
              CelOptions.current()
                  .maxExpressionCodePointSize(LONGEST)
                  .maxParseRecursionDepth(DEEPEST)
                  .comprehensionMaxIterations(MOST_ITERATIONS)
                  .maxRegexProgramSize(LARGEST_PATTERN)
                  .enableRegexPartialMatch(false)
                  .enableHeterogeneousNumericComparisons(true)
                  .build())
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("issuer", SimpleType.STRING)
          .addVar("subject", SimpleType.STRING)
          .addVar("kind", SimpleType.STRING)
          .addVar("email", SimpleType.STRING)
          .addVar("groups", ListType.create(SimpleType.STRING))
          .addVar("claims", MapType.create(SimpleType.STRING, SimpleType.DYN))
          .addVar("request.role", SimpleType.STRING)
          .addVar("request.duration", SimpleType.DURATION)
          .addVar("request.reason", SimpleType.STRING)
          .addVar("request.ticket", SimpleType.STRING)
          .addVar("source.ip", SimpleType.STRING)
          .addVar("now", SimpleType.TIMESTAMP)
          .build();

  /** The condition {@code text} spells; empty, with every problem noted, if it spells none. */
  Optional<CelCondition> compile(String text, Place place, Findings findings) {
    if (text.length() > LONGEST) {
      findings.error(place, "condition_too_long", "a condition has at most 2000 characters");
      return Optional.empty();
    }
    var checked = cel.compile(text);
    if (checked.hasError()) {
      for (var issue : checked.getErrors()) {
        findings.error(place, "condition_invalid", shown(issue));
      }
      return Optional.empty();
    }
    try {
      return program(text, checked.getAst(), place, findings);
    } catch (CelValidationException | CelEvaluationException e) {
      findings.error(place, "condition_invalid", "the condition cannot be made to run");
      return Optional.empty();
    }
  }

  private Optional<CelCondition> program(
      String text, CelAbstractSyntaxTree tree, Place place, Findings findings)
      throws CelEvaluationException {
    if (!tree.getResultType().equals(SimpleType.BOOL)) {
      var message = "a condition is true or false, this is " + tree.getResultType().name();
      findings.error(place, "condition_not_bool", message + "; compare it with something");
      return Optional.empty();
    }
    var shape = new CelShape(tree);
    if (!shape.patternsAreFine(place, findings)) {
      return Optional.empty();
    }
    return Optional.of(
        new CelCondition(
            text,
            variables(tree),
            shape.claimsTakenForGranted(),
            shape.people(),
            cel.createProgram(tree)));
  }

  private static Set<String> variables(CelAbstractSyntaxTree tree) {
    return tree.getReferenceMap().values().stream()
        .map(CelReference::name)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String shown(CelIssue issue) {
    var at = issue.getSourceLocation();
    // The message may quote the expression over several lines; its first line says what is wrong.
    var message =
        issue
            .getMessage()
            .lines()
            .findFirst()
            .orElse("not a condition")
            .replace(" (in container '')", "");
    return "in the condition, at character " + (at.getColumn() + 1) + ": " + message;
  }
}
