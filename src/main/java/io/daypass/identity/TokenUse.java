package io.daypass.identity;

/** How often a token may open a request. Issuers' tokens are one of the first two. */
public enum TokenUse {
  /** Opens one request for one role, once, on all replicas. */
  SINGLE_USE,
  /** May come again until it expires; all its uses for a role fall under one grant. */
  REUSABLE,
  /** A poll token: opens nothing, carries on the one request it was handed out for. */
  CARRIES_ON,
  /**
   * A person's session with a browser: asks, decides, reads and takes console links as a reusable
   * token does, until it is over. Never presented at the API.
   */
  SESSION
}
