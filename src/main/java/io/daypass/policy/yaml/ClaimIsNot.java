package io.daypass.policy.yaml;

import io.daypass.policy.Condition;
import io.daypass.policy.Facts;
import java.util.List;

/**
 * Holds if a claim is none of some values: what a preset refuses unless a rule names it. A claim
 * that is no text is never fine.
 *
 * @param mayBeAbsent whether a token without the claim passes
 * @param prefixes whether the values are beginnings that are refused
 */
record ClaimIsNot(
    String preset, String claim, List<String> values, boolean mayBeAbsent, boolean prefixes)
    implements Condition {

  ClaimIsNot {
    values = List.copyOf(values);
  }

  @Override
  public Truth holds(Facts facts) {
    return switch (facts.identity().claims().get(claim)) {
      case null ->
          mayBeAbsent ? new Truth.Held() : new Truth.Failed("the token has no claim " + claim);
      case String text -> Truth.of(values.stream().noneMatch(value -> refuses(value, text)));
      case Object _ -> new Truth.Failed("the token's claim " + claim + " is not text");
    };
  }

  private boolean refuses(String value, String text) {
    return prefixes ? text.startsWith(value) : text.equals(value);
  }

  @Override
  public String text() {
    var verb = prefixes ? " does not start with " : " is not ";
    return preset + ": " + claim + verb + String.join(" or ", values);
  }
}
