package io.daypass.policy.yaml;

import java.util.Optional;
import java.util.Set;

/** Which issuers of people are configured: a granting rule is bound to one of them. */
public sealed interface HumanIssuers {

  /**
   * The settings say which.
   *
   * @param machines the other issuers; empty where only those of people were told
   */
  record Known(Set<String> names, Optional<Set<String>> machines) implements HumanIssuers {
    public Known {
      names = Set.copyOf(names);
      machines = machines.map(Set::copyOf);
    }

    /** Nothing is said of the others. */
    public Known(Set<String> names) {
      this(names, Optional.empty());
    }

    /** Whether there may be an issuer of that name, of people or of machines. */
    boolean mayKnow(String name) {
      return names.contains(name) || machines.map(others -> others.contains(name)).orElse(true);
    }
  }

  /**
   * There are no settings to look at: rules that name no issuer are taken to mean the only one.
   * Never handed to a broker.
   */
  record Unknown() implements HumanIssuers {}
}
