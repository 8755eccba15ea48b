package io.daypass.cloud;

import org.jspecify.annotations.Nullable;

/**
 * What a checkup found.
 *
 * @param code stable snake_case
 * @param what in our words
 * @param said in the cloud's own words; null if it said nothing
 * @param mend what to change, and where; null if there is nothing to mend
 */
public record Finding(
    Weight weight, String code, String what, @Nullable String said, @Nullable String mend) {

  /** How much it matters. */
  public enum Weight {
    GOOD,
    /** It works, and might not for long. */
    WARNING,
    /** Nobody gets a credential, or not what the policies promise. */
    WRONG
  }

  public static Finding good(String code, String what) {
    return new Finding(Weight.GOOD, code, what, null, null);
  }

  public static Finding warning(String code, String what, String mend) {
    return new Finding(Weight.WARNING, code, what, null, mend);
  }

  public static Finding wrong(String code, String what, @Nullable String said, String mend) {
    return new Finding(Weight.WRONG, code, what, said, mend);
  }
}
