package io.daypass.policy.yaml;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import io.daypass.document.Place;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What can be said of a condition without running it. */
record CelShape(CelAbstractSyntaxTree tree) {

  private static final String CLAIMS = "claims";

  /** Whether every pattern is written out, is one, and can fail. */
  boolean patternsAreFine(Place place, Findings findings) {
    return CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .map(node -> node.expr())
        .filter(expr -> expr.getKind() == Kind.CALL && expr.call().function().equals("matches"))
        .map(expr -> patternIsFine(expr.call().args().getLast(), place, findings))
        .reduce(true, Boolean::logicalAnd);
  }

  private static boolean patternIsFine(CelExpr pattern, Place place, Findings findings) {
    var written = text(pattern);
    if (written.isEmpty()) {
      findings.error(
          place, "pattern_not_constant", "a pattern is written out, never made from a claim");
      return false;
    }
    var parsed = Whole.parse(written.get());
    if (parsed.isEmpty()) {
      findings.error(place, "pattern_invalid", "\"" + written.get() + "\" is no RE2 pattern");
      return false;
    }
    if (parsed.get().cannotFail()) {
      var message = "the pattern \"" + written.get() + "\" accepts anything";
      findings.error(place, "pattern_cannot_fail", message);
      return false;
    }
    return true;
  }

  /**
   * Claims that the condition reads without asking whether they are there, as {@code claims.a.b}:
   * where one is missing, it cannot be evaluated.
   */
  Set<String> claimsTakenForGranted() {
    var read = new TreeSet<String>();
    var asked = new HashSet<String>();
    CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .map(node -> node.expr())
        .forEach(expr -> {
          claim(expr).filter(path -> !path.equals(CLAIMS)).ifPresent(read::add);
          askedFor(expr).ifPresent(asked::add);
        });
    read.removeAll(asked);
    return read;
  }

  /** What is read of the claims. */
  private static Optional<String> claim(CelExpr expr) {
    return switch (expr.getKind()) {
      case IDENT -> Optional.of(expr.ident().name()).filter(CLAIMS::equals);
      case SELECT ->
          expr.select().testOnly()
              ? Optional.empty()
              : member(expr.select().operand(), Optional.of(expr.select().field()));
      case CALL ->
          expr.call().function().equals("_[_]")
              ? member(expr.call().args().get(0), text(expr.call().args().get(1)))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** What {@code has(claims.a)} and {@code "a" in claims} ask for. */
  private static Optional<String> askedFor(CelExpr expr) {
    return switch (expr.getKind()) {
      case SELECT ->
          expr.select().testOnly()
              ? member(expr.select().operand(), Optional.of(expr.select().field()))
              : Optional.empty();
      case CALL ->
          expr.call().function().equals("@in")
              ? member(expr.call().args().get(1), text(expr.call().args().get(0)))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<String> member(CelExpr of, Optional<String> name) {
    return claim(of).flatMap(path -> name.map(each -> path + "." + each));
  }

  /**
   * The only people of whom the condition can hold, as it spells them out; empty if it does not.
   */
  Optional<Set<String>> people() {
    return people(tree.getExpr());
  }

  private static Optional<Set<String>> people(CelExpr expr) {
    if (expr.getKind() != Kind.CALL) {
      return Optional.empty();
    }
    var arguments = expr.call().args();
    return switch (expr.call().function()) {
      case "_==_" -> equal(arguments.get(0), arguments.get(1));
      case "@in" -> oneOf(arguments.get(0), arguments.get(1));
      case "_&&_" -> smaller(people(arguments.get(0)), people(arguments.get(1)));
      case "_||_" -> either(people(arguments.get(0)), people(arguments.get(1)));
      default -> Optional.empty();
    };
  }

  private static Optional<Set<String>> equal(CelExpr one, CelExpr other) {
    if (namesPerson(other)) {
      return text(one).map(Set::of);
    }
    return namesPerson(one) ? text(other).map(Set::of) : Optional.empty();
  }

  private static Optional<Set<String>> oneOf(CelExpr one, CelExpr list) {
    if (!namesPerson(one) || list.getKind() != Kind.LIST) {
      return Optional.empty();
    }
    var texts = list.list().elements().stream().map(CelShape::text).toList();
    return texts.stream().allMatch(Optional::isPresent)
        ? Optional.of(Set.copyOf(texts.stream().map(Optional::orElseThrow).toList()))
        : Optional.empty();
  }

  private static Optional<Set<String>> smaller(
      Optional<Set<String>> one, Optional<Set<String>> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.get().size() <= other.get().size() ? one : other;
  }

  private static Optional<Set<String>> either(
      Optional<Set<String>> one, Optional<Set<String>> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Optional.empty();
    }
    var all = new HashSet<>(one.get());
    all.addAll(other.get());
    return Optional.of(all);
  }

  private static boolean namesPerson(CelExpr expr) {
    return expr.getKind() == Kind.IDENT
        && List.of("subject", "email").contains(expr.ident().name());
  }

  private static Optional<String> text(CelExpr expr) {
    return expr.getKind() == Kind.CONSTANT
            && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE
        ? Optional.of(expr.constant().stringValue())
        : Optional.empty();
  }
}
