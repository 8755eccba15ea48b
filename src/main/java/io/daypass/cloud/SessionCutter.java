package io.daypass.cloud;

import io.daypass.cloud.CutStore.Claimed;

/** Denies live sessions everything, in one cloud. */
public interface SessionCutter {

  /** The word policies use for the cloud. */
  String cloud();

  /**
   * Has the cloud deny everything to the sessions of the claimed requests, and to those of no other
   * requests on account of an earlier call. Takes a few seconds at most; may be called again for
   * what is denied already. How soon the cloud acts upon it is the cloud's.
   *
   * @return of how many, from the first on: all of them, unless the cloud has no room
   * @throws MintException if that is not certain
   */
  int deny(Claimed claimed) throws MintException;
}
