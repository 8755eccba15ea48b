package io.daypass.policy;

/** One condition of a rule. Evaluating it never throws, and takes bounded time. */
public interface Condition {

  Truth holds(Facts facts);

  /** The condition as it stands in the file. */
  String text();

  /** What came of it. A condition that fails to evaluate counts as not met, and says so. */
  sealed interface Truth {
    record Held() implements Truth {}

    record NotHeld() implements Truth {}

    record Failed(String why) implements Truth {}

    static Truth of(boolean held) {
      return held ? new Held() : new NotHeld();
    }
  }
}
