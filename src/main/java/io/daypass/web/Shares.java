package io.daypass.web;

import java.util.HashMap;
import java.util.Map;

/** How much each holds of what there is for all; who holds nothing is forgotten. */
final class Shares<K> {

  private final Map<K, Integer> held = new HashMap<>();

  /** One more for {@code whose}, unless they hold {@code most}. */
  synchronized boolean take(K whose, int most) {
    var its = held.getOrDefault(whose, 0);
    if (its >= most) {
      return false;
    }
    held.put(whose, its + 1);
    return true;
  }

  synchronized void giveBack(K whose) {
    held.computeIfPresent(whose, (_, its) -> its == 1 ? null : its - 1);
  }
}
