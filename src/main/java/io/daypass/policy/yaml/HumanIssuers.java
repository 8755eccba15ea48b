package io.daypass.policy.yaml;

import java.util.Set;

/** Which issuers of people are configured: a granting rule is bound to one of them. */
public sealed interface HumanIssuers {

  /** The settings say which. */
  record Known(Set<String> names) implements HumanIssuers {
    public Known {
      names = Set.copyOf(names);
    }
  }

  /**
   * There are no settings to look at: rules that name no issuer are taken to mean the only one.
   * Never handed to a broker.
   */
  record Unknown() implements HumanIssuers {}
}
