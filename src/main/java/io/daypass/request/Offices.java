package io.daypass.request;

import io.daypass.identity.Identity;
import io.daypass.identity.Kind;
import io.daypass.policy.Condition;
import io.daypass.policy.Condition.Truth;
import io.daypass.policy.Facts;
import io.daypass.policy.Wish;
import java.time.Duration;
import java.time.Instant;

/**
 * Who holds an office: auditors may read everybody's ledger, administrators may stop the broker,
 * revoke anything and suspend people. Neither may approve anything by it, and no machine holds one.
 */
public record Offices(Condition auditors, Condition administrators) {

  public boolean isAuditor(Identity identity, Instant now) {
    return holds(auditors, identity, now);
  }

  public boolean isAdministrator(Identity identity, Instant now) {
    return holds(administrators, identity, now);
  }

  private static boolean holds(Condition office, Identity identity, Instant now) {
    var facts = new Facts(identity, "", new Wish(Duration.ofSeconds(1), "", null), "", now);
    return identity.kind() == Kind.HUMAN && office.holds(facts) instanceof Truth.Held;
  }
}
