package io.daypass.policy.yaml;

import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.policy.Condition;
import java.util.List;

/** Conditions that stand outside the policies, as those in the settings do. */
public final class Conditions {

  private Conditions() {}

  /** What became of a condition. */
  public sealed interface Compiled {
    record Good(Condition condition) implements Compiled {}

    record Bad(List<Problem> problems) implements Compiled {
      public Bad {
        problems = List.copyOf(problems);
      }
    }
  }

  /**
   * Compiles {@code text}.
   *
   * @param place where it stands, for the problems
   * @param saysIssuer whether it must look at {@code issuer}: a group of one issuer's may be called
   *     as one of another's is
   */
  public static Compiled compile(String text, Place place, boolean saysIssuer) {
    var findings = new Findings();
    var compiled = new Cel().compile(text, place, findings);
    if (saysIssuer && compiled.filter(condition -> !condition.reads("issuer")).isPresent()) {
      var message =
          "there are several issuers of people; say whose are meant, such as issuer == \"staff\" &&";
      findings.error(place, "issuer_not_named", message);
    }
    return compiled
        .filter(_ -> findings.errors().isEmpty())
        .<Compiled>map(Compiled.Good::new)
        .orElseGet(() -> new Compiled.Bad(findings.sortedErrors()));
  }
}
