package io.daypass.policy;

/**
 * A role's own session policy: the statements that narrow what its sessions may do, as minified
 * JSON objects joined by commas. Checked when it is loaded: Version 2012-10-17 and at least one
 * statement.
 */
public record SessionPolicy(String statements) {

  /** STS API reference, AssumeRoleWithWebIdentity, {@code Policy}: at most 2,048 characters. */
  public static final int LONGEST = 2048;

  // What Daypass adds to every session policy: all of it, with an instant of the usual length.
  private static final String FRAME = "{\"Version\":\"2012-10-17\",\"Statement\":[,]}";
  private static final String END =
      "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
          + "{\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\"2026-08-22T14:05:00Z\"}}}";

  /** How long the policy becomes with the end of the grant in it. */
  public int composedLength() {
    return FRAME.length() + statements.length() + END.length();
  }
}
