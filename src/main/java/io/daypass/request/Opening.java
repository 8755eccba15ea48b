package io.daypass.request;

import io.daypass.policy.Allowance;
import io.daypass.policy.Decision.Granted;

/**
 * Proof that a request about to be made is approved by its rule at once, so that it may be opened
 * and issued under in one transaction. Only {@link Warrants} makes one.
 */
public final class Opening {

  private final NewRequest request;
  private final Allowance allowance;

  Opening(NewRequest request, Granted granted) {
    if (!request.automatic()) {
      throw new IllegalArgumentException("a request that waits for people opens no grant");
    }
    this.request = request;
    this.allowance = granted.allowance();
  }

  public NewRequest request() {
    return request;
  }

  public Allowance allowance() {
    return allowance;
  }
}
