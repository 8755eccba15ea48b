package io.daypass.postgres;

/**
 * How a statement says which policies were in force, for the entries that it writes and that say
 * nothing of them themselves (append_entry).
 */
final class PolicyStamp {

  private PolicyStamp() {}

  /**
   * A row to select from, whose making says so until the statement is over.
   *
   * @param digest the statement's parameter that holds their digest
   */
  static String sql(String digest) {
    return "set_config('daypass.policies', " + digest + ", true)";
  }
}
