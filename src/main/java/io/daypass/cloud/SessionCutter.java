package io.daypass.cloud;

import io.daypass.cloud.CutStore.Claimed;
import java.time.Duration;

/** Denies live sessions everything, in one cloud. */
public interface SessionCutter {

  /** The longest that telling a cloud takes, whatever it does. */
  Duration LONGEST = Duration.ofSeconds(50);

  /** The word policies use for the cloud. */
  String cloud();

  /**
   * Has the cloud deny everything to the sessions of the claimed requests, and to those of no other
   * requests on account of an earlier call. Is over within {@link #LONGEST}; may be called again
   * for what is denied already. How soon the cloud acts upon it is the cloud's.
   *
   * @throws MintException if that is not certain
   */
  Denied deny(Claimed claimed) throws MintException;

  /**
   * What is denied now.
   *
   * @param requests how many, from the first on: all of them, unless the cloud has no room
   * @param unknown whether a call that asked for more may still have its effect
   */
  record Denied(int requests, boolean unknown) {}
}
