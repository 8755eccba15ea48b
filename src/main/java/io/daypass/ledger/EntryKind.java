package io.daypass.ledger;

import java.util.Locale;

/** What a ledger entry records. Codes are stable and stand in the entries' bytes. */
public enum EntryKind {
  REQUEST_MADE,
  DECIDED_BY_RULE,
  APPROVED,
  DENIED,
  CANCELLED,
  RETURNED,
  REVOKED,
  REFUSED,
  INTENT,
  SEALED,
  FAILED,
  UNKNOWN,
  ORPHANED,
  CONSOLE_LINK,
  BINDING_INTENDED,
  BINDING_MADE,
  BINDING_REMOVED,
  BINDING_STUCK,
  CUT_APPLIED,
  CUT_LIFTED,
  CUT_STUCK,
  POLICY_LOADED,
  KEY_ROTATED,
  KEYS_REWRAPPED,
  SUSPENDED,
  REINSTATED,
  STOP,
  RESUME,
  LEDGER_READ;

  /** Stable snake_case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
