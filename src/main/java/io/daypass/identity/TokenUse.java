package io.daypass.identity;

/** How often a token of an issuer may open a request. */
public enum TokenUse {
  /** Opens one request for one role, once, on all replicas. */
  SINGLE_USE,
  /** May come again until it expires; all its uses for a role fall under one grant. */
  REUSABLE
}
