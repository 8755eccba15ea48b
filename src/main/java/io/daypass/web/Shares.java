package io.daypass.web;

import java.util.HashMap;
import java.util.Map;

/** How much each holds of what there is for all; who holds nothing is forgotten. */
final class Shares<K> {

  private final long all;
  private final Map<K, Long> held = new HashMap<>();
  private long taken;

  /** Of what is bounded for each alone. */
  Shares() {
    this(Long.MAX_VALUE);
  }

  /** Of so much for all together. */
  Shares(long all) {
    this.all = all;
  }

  /** One more for {@code whose}, unless they hold {@code most}. */
  boolean take(K whose, int most) {
    return take(whose, 1, most);
  }

  /** So much more for {@code whose}, unless they or all would hold too much then. */
  synchronized boolean take(K whose, long amount, long most) {
    var its = held.getOrDefault(whose, 0L) + amount;
    if (its > most || taken + amount > all) {
      return false;
    }
    taken += amount;
    held.put(whose, its);
    return true;
  }

  void giveBack(K whose) {
    giveBack(whose, 1);
  }

  synchronized void giveBack(K whose, long amount) {
    taken -= amount;
    held.computeIfPresent(whose, (_, its) -> its == amount ? null : its - amount);
  }
}
