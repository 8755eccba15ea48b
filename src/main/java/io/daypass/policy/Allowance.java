package io.daypass.policy;

import io.daypass.identity.Identity;
import java.time.Duration;

/**
 * Proof that the policies in force let {@link #identity} have {@link #role} under {@link #rule},
 * once the rule's approval is met. Only {@link Policies} makes one.
 */
public final class Allowance {

  private final Identity identity;
  private final Role role;
  private final Rule rule;
  private final Duration duration;
  private final String policyDigest;

  Allowance(Identity identity, Role role, Rule rule, Duration duration, String policyDigest) {
    this.identity = identity;
    this.role = role;
    this.rule = rule;
    this.duration = duration;
    this.policyDigest = policyDigest;
  }

  public Identity identity() {
    return identity;
  }

  public Role role() {
    return role;
  }

  public Rule rule() {
    return rule;
  }

  /** How long the grant may last: what was asked for, within the rule's and the role's limits. */
  public Duration duration() {
    return duration;
  }

  /** SHA-256 of the policies that said so, hex. */
  public String policyDigest() {
    return policyDigest;
  }
}
