package io.daypass.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A named entry of the policies: one cloud role, its limits and its rules.
 *
 * @param maxDuration the longest a grant may last
 * @param credentialLifetime the longest one credential is asked for
 * @param digest SHA-256 of what the role's definition and what it refers to say, hex: another one
 *     is another role, and what people approved was this one
 */
public record Role(
    String name,
    String description,
    Access access,
    Sensitivity sensitivity,
    Target target,
    Duration maxDuration,
    Duration credentialLifetime,
    List<Rule> rules,
    String digest) {

  public Role {
    rules = List.copyOf(rules);
  }

  public Optional<Rule> rule(String ruleName) {
    return rules.stream().filter(rule -> rule.name().equals(ruleName)).findFirst();
  }

  /** What the role lets its holder do. */
  public enum Access {
    READ_ONLY,
    WRITE,
    ADMIN
  }

  /** How much harm its misuse could do. */
  public enum Sensitivity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
  }
}
