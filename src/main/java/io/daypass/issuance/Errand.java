package io.daypass.issuance;

import io.daypass.policy.Wish;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a call for a credential says. A machine whose token opens a request may say more; for a
 * person everything but the role stands in the request already.
 *
 * @param duration how long a machine's grant shall last; null for as long as its rule gives
 */
public record Errand(
    String role, @Nullable Duration duration, String reason, @Nullable String ticket) {

  /** An errand that says nothing but the role. */
  public static Errand to(String role) {
    return new Errand(role, null, "", null);
  }

  Wish wishWithin(Duration longest) {
    return new Wish(duration == null ? longest : duration, reason, ticket);
  }
}
