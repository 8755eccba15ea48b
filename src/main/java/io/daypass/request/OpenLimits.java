package io.daypass.request;

import io.daypass.identity.Kind;

/**
 * How many requests of one requester may wait for a decision at once. All jobs of an environment
 * are one requester, so machines have more.
 */
public record OpenLimits(int perPerson, int perWorkload) {

  public OpenLimits {
    if (perPerson < 1 || perWorkload < 1) {
      throw new IllegalArgumentException("somebody who may ask may have one request waiting");
    }
  }

  public int of(Kind kind) {
    return switch (kind) {
      case HUMAN -> perPerson;
      case WORKLOAD -> perWorkload;
    };
  }
}
