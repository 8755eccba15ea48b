package io.daypass.policy.yaml;

import io.daypass.document.Place;
import io.daypass.document.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong with the files so far: errors, which forbid their use, and warnings. */
record Findings(List<Problem> errors, List<Problem> warnings) {

  Findings() {
    this(new ArrayList<>(), new ArrayList<>());
  }

  /** In the order of the files, whatever the order they were found in. */
  private static final Comparator<Problem> BY_PLACE =
      Comparator.comparing((Problem problem) -> problem.place().file())
          .thenComparingInt(problem -> problem.place().line())
          .thenComparingInt(problem -> problem.place().column());

  List<Problem> sortedErrors() {
    return errors.stream().distinct().sorted(BY_PLACE).toList();
  }

  List<Problem> sortedWarnings() {
    return warnings.stream().distinct().sorted(BY_PLACE).toList();
  }

  void error(Place place, String code, String message) {
    errors.add(new Problem(place, code, message));
  }

  void warning(Place place, String code, String message) {
    warnings.add(new Problem(place, code, message));
  }
}
