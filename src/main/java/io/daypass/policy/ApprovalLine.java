package io.daypass.policy;

/** One line of an approval: so many different people of whom the condition holds. */
public record ApprovalLine(Condition from, int count) {

  public ApprovalLine {
    if (count < 1) {
      throw new IllegalArgumentException("an approval line needs at least one person");
    }
  }
}
