package io.daypass.web;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Those from whom something is awaited, so many at most. One more takes the place of the one that
 * has been awaited for longest among those of the household that has most: however many connections
 * a few households open, they end each other's and nobody else's.
 */
final class Awaited<C> {

  private final int most;
  private final Map<String, LinkedHashSet<C>> byHousehold = new LinkedHashMap<>();
  private int all;

  Awaited(int most) {
    this.most = most;
  }

  /** Whose place it took, if there was no other; they are awaited no longer. */
  Optional<C> add(String household, C one) {
    if (byHousehold.computeIfAbsent(household, _ -> new LinkedHashSet<>()).add(one)) {
      all++;
    }
    return all > most ? Optional.of(longestOfMost()) : Optional.empty();
  }

  void remove(String household, C one) {
    var its = byHousehold.get(household);
    if (its != null && its.remove(one)) {
      all--;
      if (its.isEmpty()) {
        byHousehold.remove(household);
      }
    }
  }

  private C longestOfMost() {
    var largest = "";
    var size = 0;
    for (var household : byHousehold.entrySet()) {
      if (household.getValue().size() > size) {
        size = household.getValue().size();
        largest = household.getKey();
      }
    }
    var longest = Objects.requireNonNull(byHousehold.get(largest)).getFirst();
    remove(largest, longest);
    return longest;
  }
}
