package io.daypass.request;

import java.time.Duration;
import java.time.Instant;

/** A store of requests, and what tests do to it behind the broker's back. */
public interface RequestStores {

  RequestStore requests();

  /** Makes a request older than it is. */
  void age(RequestId id, Duration by);

  /** The store's own clock. */
  Instant now();
}
