package io.daypass.issuance;

import io.daypass.policy.Wish;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a call for a credential says. A machine whose token opens a request may say more; for a
 * person reason and ticket stand in the request already.
 *
 * @param duration how long the credential, and the grant that a machine's token opens, shall last
 *     at most; null for as long as may be
 */
public record Errand(
    String role,
    @Nullable Duration duration,
    String reason,
    @Nullable String ticket,
    Patience patience) {

  /** How a machine waits for people. */
  public enum Patience {
    /** With a poll token. */
    POLLS,
    /** It can be handed no poll token, only come again with what it has. */
    COMES_AGAIN
  }

  public Errand(String role, @Nullable Duration duration, String reason, @Nullable String ticket) {
    this(role, duration, reason, ticket, Patience.POLLS);
  }

  /** An errand that says nothing but the role. */
  public static Errand to(String role) {
    return new Errand(role, null, "", null);
  }

  /** The same at a door that hands out no poll tokens. */
  public Errand comingAgain() {
    return new Errand(role, duration, reason, ticket, Patience.COMES_AGAIN);
  }

  /** The same for {@code shorter} at most. */
  public Errand within(Duration shorter) {
    return new Errand(role, shorter, reason, ticket, patience);
  }

  Wish wishWithin(Duration longest) {
    return new Wish(duration == null ? longest : duration, reason, ticket);
  }
}
