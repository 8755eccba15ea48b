package io.daypass.document;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which word somebody may have meant. */
public final class Likeness {

  private Likeness() {}

  /** The candidate that {@code word} is a slip of, if it is like one at all. */
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    // A long word is not compared: the distance costs the product of both lengths.
    if (word.length() > 64) {
      return Optional.empty();
    }
    return candidates.stream()
        .filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /** Levenshtein's: how many letters must be put in, taken out or changed. */
  private static int distance(String one, String other) {
    var previous = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      var row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(previous[j], row[j - 1]) + 1);
      }
      previous = row;
    }
    return previous[other.length()];
  }
}
