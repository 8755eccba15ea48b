package io.daypass.settings;

import io.daypass.document.Place;
import io.daypass.document.Problem;
import io.daypass.policy.Condition;
import java.util.List;
import java.util.Optional;

/** Reads the conditions that stand in the settings, in the language of those in the policies. */
@FunctionalInterface
public interface ConditionReader {

  /**
   * The condition, or empty with what is wrong added to {@code problems}.
   *
   * @param place where {@code text} starts
   * @param saysIssuer whether it must say whose people it means, because there are several issuers
   */
  Optional<Condition> read(String text, Place place, boolean saysIssuer, List<Problem> problems);
}
