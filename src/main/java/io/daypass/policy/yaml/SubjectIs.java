package io.daypass.policy.yaml;

import io.daypass.policy.Condition;
import io.daypass.policy.Facts;

/** Holds for one subject, byte for byte. */
record SubjectIs(String preset, String subject) implements Condition {

  @Override
  public Truth holds(Facts facts) {
    return Truth.of(facts.identity().id().subject().equals(subject));
  }

  @Override
  public String text() {
    return preset + ": subject is \"" + subject + "\"";
  }
}
