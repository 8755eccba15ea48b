package io.daypass.cli.child;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What makes a command's tools find a role's credentials, and nothing else: one for each cloud.
 *
 * @param set variables it gets
 * @param removed variables that would win over those, or lead around them
 * @param notes what the person should know, each a line
 */
public record Outfit(Map<String, String> set, Set<String> removed, List<String> notes) {

  public Outfit {
    set = Map.copyOf(set);
    removed = Set.copyOf(removed);
    notes = List.copyOf(notes);
  }

  /** Sets some variables, and removes those of {@code others} that it does not set. */
  static Outfit of(Map<String, String> set, Set<String> others, List<String> notes) {
    var removed = new HashSet<>(others);
    removed.removeAll(set.keySet());
    return new Outfit(set, removed, notes);
  }

  /** The environment of the command, made of ours. */
  public Map<String, String> over(Map<String, String> ours) {
    var all = new HashMap<>(ours);
    all.keySet().removeAll(removed);
    all.putAll(set);
    return all;
  }

  // Values are addresses of a moment and tokens.
  @Override
  public String toString() {
    return "Outfit" + set.keySet();
  }
}
