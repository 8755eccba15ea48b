package io.daypass.policy.yaml;

import io.daypass.identity.Kind;
import io.daypass.policy.Condition;
import io.daypass.policy.Facts;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds for callers of one kind who come from one of the named issuers: an issuer vouches for its
 * own and for nobody else's.
 *
 * @param kind null for either
 * @param names configured names, compared byte for byte; empty for any issuer of the kind
 */
record Issuers(@Nullable Kind kind, Set<String> names) implements Condition {

  Issuers {
    names = Set.copyOf(names);
  }

  @Override
  public Truth holds(Facts facts) {
    var identity = facts.identity();
    return Truth.of(
        (kind == null || identity.kind() == kind)
            && (names.isEmpty() || names.contains(identity.id().issuer())));
  }

  @Override
  public String text() {
    var who =
        switch (kind) {
          case null -> "anybody";
          case HUMAN -> "a person";
          case WORKLOAD -> "a workload";
        };
    var from = names.isEmpty() ? List.<String>of() : names.stream().sorted().toList();
    return from.isEmpty() ? who : who + " from " + String.join(" or ", from);
  }
}
