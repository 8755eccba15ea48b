package io.daypass.cli.credential;

import io.daypass.cli.client.Bearer;
import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether the request that keys came under still stands. It is looked at and not asked for
 * credentials: each of those would be minted and written down.
 */
public final class Standing {

  /**
   * A grant that was ended elsewhere is found out after so long, and with it that there is a new
   * one.
   */
  private static final Duration LOOK = Duration.ofMinutes(2);

  private Standing() {}

  /**
   * Whether it is time to look at {@code request}.
   *
   * @param request empty if the broker did not say, and so nothing to look at
   * @param seen when it was last known to stand, or looked at
   */
  public static boolean isUnseen(String request, Instant seen, Instant now) {
    return Quick.isRole(request) && !now.isBefore(seen.plus(LOOK));
  }

  /** Whether {@code request} is still approved, as far as that can be seen quickly. */
  public static boolean stands(Broker broker, Bearer bearer, String request) {
    var found = broker.glance(bearer, "/v1/requests/" + request);
    var read = found.isPresent() ? Members.read(found.get().body()) : Optional.<Members>empty();
    var state = read.isPresent() ? read.get().text("state") : Optional.<String>empty();
    return state.isEmpty() || state.get().equals("approved");
  }
}
