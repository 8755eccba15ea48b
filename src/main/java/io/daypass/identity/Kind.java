package io.daypass.identity;

/** Whether an issuer vouches for people or for machines. */
public enum Kind {
  HUMAN,
  WORKLOAD
}
