package io.daypass.policy;

/**
 * A role's own session policy: the statements that narrow what its sessions may do, as minified
 * JSON objects joined by commas. Checked when it is loaded: Version 2012-10-17 and at least one
 * statement.
 */
public record SessionPolicy(String statements) {}
