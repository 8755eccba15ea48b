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
   */
  public static Compiled compile(String text, Place place) {
    var findings = new Findings();
    return new Cel()
        .compile(text, place, findings)
        .<Compiled>map(Compiled.Good::new)
        .orElseGet(() -> new Compiled.Bad(findings.sortedErrors()));
  }
}
